import type { resolveCodes } from '../../../diagnostic/codes/resolve.ts';
import type { CodeExplanation } from './code-explanation.ts';
import type { nodeExplanations } from './node.ts';

type AllocationCode = Exclude<keyof typeof resolveCodes, keyof typeof nodeExplanations>;

/** Codes of what svcgen gives to manifests that leave it open: addresses, ports and pods. */
export const allocationExplanations: Readonly<Record<AllocationCode, CodeExplanation>> = {
  'cluster-ip-given': {
    severity: 'error',
    explanation: `Without --no-allocate a Service gets an address that depends on its name alone. With it every address has to
be in the manifests, because somebody else, such as a real API server, is the one who gives them.`,
  },
  'node-port-given': {
    severity: 'error',
    explanation: `Without --no-allocate a NodePort that is left open gets a port that depends on the name of its Service alone.
With it every port has to be in the manifests.`,
  },
  'health-check-node-port-given': {
    severity: 'error',
    explanation: `A load balancer with externalTrafficPolicy Local asks nodes on healthCheckNodePort whether they have
endpoints. With --no-allocate that port has to be in the manifests.`,
  },
  'service-range-has-room': {
    severity: 'error',
    explanation: `There are more Services than the service range has addresses. The API server would refuse to create them.`,
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
  },
  'synthesized-pods-limit': {
    severity: 'error',
    explanation: `Templates ask for more than 150,000 pods together, which no cluster can have: a slip in the number of replicas.`,
  },
  'host-network-address-known': {
    severity: 'warning',
    explanation: `A pod with hostNetwork has the address of its node. --synthesize-pods needs the Node objects, or --node with
--node-ip, to make such pods; otherwise they are left out.`,
  },
};
