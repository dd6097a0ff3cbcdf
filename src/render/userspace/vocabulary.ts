import { type ChainUse, inFilter, inNat, type NamedChain, USERSPACE } from '../netfilter/chains.ts';

/** Chains of kube-proxy's userspace mode, up to 1.25. */
export const USERSPACE_CHAINS = {
  portalsOfContainers: inNat(
    'KUBE-PORTALS-CONTAINER',
    userspace('finds the port of a Service for containers'),
  ),
  portalsOfHost: inNat('KUBE-PORTALS-HOST', userspace('finds the port of a Service for the node')),
  nodePortsOfContainers: inNat('KUBE-NODEPORT-CONTAINER', userspace('finds a nodePort for containers')),
  nodePortsOfHost: inNat('KUBE-NODEPORT-HOST', userspace('finds a nodePort for the node')),
  foreignNodePorts: inFilter('KUBE-NODEPORT-NON-LOCAL', userspace('lets traffic to nodePorts in')),
} as const satisfies Readonly<Record<string, NamedChain>>;

function userspace(role: string): Omit<ChainUse, 'table'> {
  return { by: [...USERSPACE, 'kube-proxy'], role };
}
