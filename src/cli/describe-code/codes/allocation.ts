import type { resolveCodes } from '../../../diagnostic/codes/resolve.ts';
import type { CodeExplanation } from './code-explanation.ts';
import type { nodeExplanations } from './node.ts';

type AllocationCode = Exclude<keyof typeof resolveCodes, keyof typeof nodeExplanations>;

const TWO_PODS = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: nginx}]}
`;

/** Codes of what svcgen gives to manifests that leave it open: addresses, ports and pods. */
export const allocationExplanations: Readonly<Record<AllocationCode, CodeExplanation>> = {
  'cluster-ip-given': {
    severity: 'error',
    explanation: `Without --no-allocate a Service gets an address that depends on its name alone. With it every address has to
be in the manifests, because somebody else, such as a real API server, is the one who gives them.`,
    examples: {
      failing: `# svcgen render --no-allocate -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80}]}
`,
      passing: `# svcgen render --no-allocate -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
    },
  },
  'node-port-given': {
    severity: 'error',
    explanation: `Without --no-allocate a NodePort that is left open gets a port that depends on the name of its Service alone.
With it every port has to be in the manifests.`,
    examples: {
      failing: `# svcgen render --no-allocate -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80}]}
`,
      passing: `# svcgen render --no-allocate -
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, clusterIP: 10.96.0.10, ports: [{port: 80, nodePort: 30080}]}
`,
    },
  },
  'health-check-node-port-given': {
    severity: 'error',
    explanation: `A load balancer with externalTrafficPolicy Local asks nodes on healthCheckNodePort whether they have
endpoints. With --no-allocate that port has to be in the manifests.`,
    examples: {
      failing: `# svcgen render --no-allocate --node worker-1 -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.10
  externalTrafficPolicy: Local
  ports: [{port: 80, nodePort: 30080}]
`,
      passing: `# svcgen render --no-allocate --node worker-1 -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: LoadBalancer
  clusterIP: 10.96.0.10
  externalTrafficPolicy: Local
  healthCheckNodePort: 30081
  ports: [{port: 80, nodePort: 30080}]
`,
    },
  },
  'service-range-has-room': {
    severity: 'error',
    explanation: `There are more Services than the service range has addresses. The API server would refuse to create them.`,
    examples: {
      failing: `# svcgen render --service-cluster-ip-range 10.96.0.0/30 -
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: b}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: c}
spec: {ports: [{port: 80}]}
`,
      passing: `# svcgen render --service-cluster-ip-range 10.96.0.0/24 -
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: b}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: c}
spec: {ports: [{port: 80}]}
`,
    },
  },
  'service-family-has-range': {
    severity: 'error',
    explanation: `A Service asks for addresses of an IP family that the cluster has no service range of, so none can be given.
When the range is known from --service-cluster-ip-range or from ServiceCIDR objects, validation has said so before, as
ip-family-configured; this code is for what that leaves over.`,
  },
  'node-port-range-has-room': {
    severity: 'error',
    explanation: `More ports ask for a NodePort than the range has. Load balancers that reach pods directly need none: set
allocateLoadBalancerNodePorts to false.`,
    examples: {
      failing: `# svcgen render --service-node-port-range 30000-30000 -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  ports: [{name: http, port: 80}, {name: https, port: 443}]
`,
      passing: `# svcgen render --service-node-port-range 30000-30001 -
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  type: NodePort
  ports: [{name: http, port: 80}, {name: https, port: 443}]
`,
    },
  },
  'locked-value-usable': {
    severity: 'warning',
    explanation: `The file of --lock keeps what was allocated before. An address or port that a manifest has set explicitly in
the meantime, or that lies outside a range that has changed, cannot be kept: the Service that had it gets another one, and
clients that know the old one have to be told.`,
  },
  'lock-file-valid': {
    severity: 'error',
    explanation: `The file of --lock is not one that svcgen wrote: edited by hand, left in the middle of a merge, or cut. Nothing
is guessed from it, as addresses would move. Restore it, or delete it to allocate anew.`,
  },
  'pod-range-has-room': {
    severity: 'error',
    explanation: `--synthesize-pods gives each pod of a template an address of --pod-cidr, and the range is too small for all.`,
    examples: {
      failing: `# svcgen render --synthesize-pods --pod-cidr 10.244.0.0/32 -
${TWO_PODS}`,
      passing: `# svcgen render --synthesize-pods --pod-cidr 10.244.0.0/16 -
${TWO_PODS}`,
    },
  },
  'synthesized-pods-limit': {
    severity: 'error',
    explanation: `Templates ask for more than 150,000 pods together, which no cluster can have: a slip in the number of replicas.`,
    examples: {
      failing: `# svcgen render --synthesize-pods -
${TWO_PODS.replace('replicas: 2', 'replicas: 200000')}`,
      passing: `# svcgen render --synthesize-pods -
${TWO_PODS}`,
    },
  },
  'host-network-address-known': {
    severity: 'warning',
    explanation: `A pod with hostNetwork has the address of its node. --synthesize-pods needs the Node objects, or --node with
--node-ip, to make such pods; otherwise they are left out.`,
    examples: {
      failing: `# svcgen render --synthesize-pods -
${TWO_PODS.replace('spec: {containers', 'spec: {hostNetwork: true, containers')}`,
      passing: `# svcgen render --synthesize-pods --node worker-1 --node-ip 192.0.2.11 -
${TWO_PODS.replace('spec: {containers', 'spec: {hostNetwork: true, containers')}`,
    },
  },
};
