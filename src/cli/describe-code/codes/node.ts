import type { resolveCodes } from '../../../diagnostic/codes/resolve.ts';
import type { CodeExplanation } from './code-explanation.ts';

type NodeCode = Extract<keyof typeof resolveCodes, `node-${string}`>;

const LOCAL_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.10
  internalTrafficPolicy: Local
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5], nodeName: worker-1}]
`;

const ZONED_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  clusterIP: 10.96.0.10
  ports: [{port: 80}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8080}]
endpoints: [{addresses: [10.244.1.5], nodeName: worker-1, zone: a, hints: {forZones: [{name: a}]}}]
`;

const NODE_PORT_SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  clusterIP: 10.96.0.10
  ports: [{port: 80, nodePort: 30080}]
`;

/** Codes of what has to be known about the node that rules are made for. */
export const nodeExplanations: Readonly<
  Record<Exclude<NodeCode, 'node-port-given' | 'node-port-range-has-room'>, CodeExplanation>
> = {
  'node-name-given': {
    severity: 'error',
    explanation: `With a Local policy, or with topology hints, every node serves other endpoints. There is no node to assume:
rules of the wrong node would send traffic nowhere. The hint lists the names that the input speaks of.`,
    examples: {
      failing: `# svcgen render -
${LOCAL_SERVICE}`,
      passing: `# svcgen render --node worker-1 -
${LOCAL_SERVICE}`,
    },
  },
  'node-name-known': {
    severity: 'warning',
    explanation: `The input names nodes, but not the one of --node, so that all endpoints are taken to be elsewhere: a Local
policy drops all traffic then. It may be a slip in the name.`,
    examples: {
      failing: `# svcgen render --node worker-l -
${LOCAL_SERVICE}`,
      passing: `# svcgen render --node worker-1 -
${LOCAL_SERVICE}`,
    },
  },
  'node-zone-known': {
    severity: 'warning',
    explanation: `Hints of endpoints name zones, and which zone a node is in is said by its label topology.kubernetes.io/zone.
Without the Node object hints are ignored, as kube-proxy ignores them on a node without the label.`,
    examples: {
      failing: `# svcgen render --node worker-1 -
${ZONED_SERVICE}`,
      passing: `# svcgen render --node worker-1 -
${ZONED_SERVICE}---
apiVersion: v1
kind: Node
metadata: {name: worker-1, labels: {topology.kubernetes.io/zone: a}}
`,
    },
  },
  'node-pod-cidr-known': {
    severity: 'error',
    explanation: `With --detect-local-mode NodeCIDR the pods of a node are told by spec.podCIDRs of its Node object. Without
them all traffic of pods would be masqueraded.`,
    examples: {
      failing: `# svcgen render --detect-local-mode NodeCIDR --node worker-1 -
apiVersion: v1
kind: Node
metadata: {name: worker-1}
`,
      passing: `# svcgen render --detect-local-mode NodeCIDR --node worker-1 -
apiVersion: v1
kind: Node
metadata: {name: worker-1}
spec: {podCIDRs: [10.244.1.0/24]}
`,
    },
  },
  'node-address-known': {
    severity: 'error',
    explanation: `NodePorts answer on addresses of the node. In ipvs mode each of them has virtual servers of its own, and
--nodeport-addresses picks among them, so they have to be known: of the Node object, or of --node-ip.`,
    examples: {
      failing: `# svcgen render --mode ipvs -
${NODE_PORT_SERVICE}`,
      passing: `# svcgen render --mode ipvs --node-ip 192.0.2.11 -
${NODE_PORT_SERVICE}`,
    },
  },
  'node-port-addresses-match': {
    severity: 'warning',
    explanation: `--nodeport-addresses limits NodePorts to addresses of the node that lie in its CIDRs. When none does, no
NodePort answers anywhere.`,
    examples: {
      failing: `# svcgen render --nodeport-addresses 10.0.0.0/8 --node-ip 192.0.2.11 -
${NODE_PORT_SERVICE}`,
      passing: `# svcgen render --nodeport-addresses 192.0.2.0/24 --node-ip 192.0.2.11 -
${NODE_PORT_SERVICE}`,
    },
  },
};
