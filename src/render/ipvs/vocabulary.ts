import { IPVS, inFilter, inNat, type NamedChain } from '../netfilter/chains.ts';

/** Chains that only ipvs mode makes: see CHAINS for those that other modes have, too. */
export const IPVS_CHAINS = {
  access: inFilter('KUBE-IPVS-FILTER', { by: IPVS, role: 'refuses what has no virtual server' }),
  outAccess: inFilter('KUBE-IPVS-OUT-FILTER', {
    by: IPVS,
    role: 'refuses what has no virtual server',
  }),
  nodePort: {
    name: 'KUBE-NODE-PORT',
    uses: [
      { table: 'filter', by: IPVS, role: 'lets health checks of load balancers in' },
      { table: 'nat', by: IPVS, role: 'masquerades traffic of nodePorts' },
    ],
  },
  loadBalancer: inNat('KUBE-LOAD-BALANCER', {
    by: IPVS,
    role: 'masquerades traffic of load balancers',
  }),
  sourceRanges: inFilter('KUBE-SOURCE-RANGES-FIREWALL', {
    by: IPVS,
    role: 'drops what loadBalancerSourceRanges keep out',
  }),
} as const satisfies Readonly<Record<string, NamedChain>>;
