import { hashedInNat, IPTABLES, type NamedChain } from '../netfilter/chains.ts';

const COMPACT = ['iptables/compact'] as const;

/** Chains that only iptables mode makes, in kube-proxy's layout or ours: see CHAINS for those that other modes have, too. */
export const IPTABLES_CHAINS = {
  service: hashedInNat('KUBE-SVC-', { by: IPTABLES, role: 'the choice of an endpoint' }),
  localService: hashedInNat('KUBE-SVL-', { by: IPTABLES, role: 'the choice of an endpoint on this node' }),
  external: hashedInNat('KUBE-EXT-', { by: IPTABLES, role: 'traffic from outside' }),
  sourceRanges: hashedInNat('KUBE-FW-', { by: IPTABLES, role: 'the source ranges' }),
  endpoint: hashedInNat('KUBE-SEP-', { by: ['iptables/kube-proxy'], role: 'an endpoint' }),
  share: hashedInNat('KUBE-SUB-', { by: COMPACT, role: 'some endpoints' }),
  destinations: {
    name: 'KUBE-DST-',
    isHashed: true,
    uses: [
      { table: 'filter', by: COMPACT, role: 'some destinations' },
      { table: 'nat', by: COMPACT, role: 'some destinations' },
    ],
  },
} as const satisfies Readonly<Record<string, NamedChain>>;
