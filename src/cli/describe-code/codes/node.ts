import type { resolveCodes } from '../../../diagnostic/codes/resolve.ts';
import type { CodeExplanation } from './code-explanation.ts';

type NodeCode = Extract<keyof typeof resolveCodes, `node-${string}`>;

/** Codes of what has to be known about the node that rules are made for. */
export const nodeExplanations: Readonly<
  Record<Exclude<NodeCode, 'node-port-given' | 'node-port-range-has-room'>, CodeExplanation>
> = {
  'node-name-given': {
    severity: 'error',
    explanation: `With a Local policy, or with topology hints, every node serves other endpoints. There is no node to assume:
rules of the wrong node would send traffic nowhere. The hint lists the names that the input speaks of.`,
  },
  'node-name-known': {
    severity: 'warning',
    explanation: `The input names nodes, but not the one of --node, so that all endpoints are taken to be elsewhere: a Local
policy drops all traffic then. It may be a slip in the name.`,
  },
  'node-zone-known': {
    severity: 'warning',
    explanation: `Hints of endpoints name zones, and which zone a node is in is said by its label topology.kubernetes.io/zone.
Without the Node object hints are ignored, as kube-proxy ignores them on a node without the label.`,
  },
  'node-pod-cidr-known': {
    severity: 'error',
    explanation: `With --detect-local-mode NodeCIDR the pods of a node are told by spec.podCIDRs of its Node object. Without
them all traffic of pods would be masqueraded.`,
  },
  'node-address-known': {
    severity: 'error',
    explanation: `NodePorts answer on addresses of the node. In ipvs mode each of them has virtual servers of its own, and
--nodeport-addresses picks among them, so they have to be known: of the Node object, or of --node-ip.`,
  },
  'node-port-addresses-match': {
    severity: 'warning',
    explanation: `--nodeport-addresses limits NodePorts to addresses of the node that lie in its CIDRs. When none does, no
NodePort answers anywhere.`,
  },
};
