import { CHAINS } from '../netfilter/chains.ts';
import { FILTER_JUMPS, PORTALS } from '../netfilter/filter-jumps.ts';
import { comment } from '../netfilter/matches.ts';
import { type Jump, natJump } from '../netfilter/restore-form.ts';

const POSTROUTING = comment('kubernetes postrouting rules');

/**
 * Every jump into our chains, in the order that they have on a node where kube-proxy alone made them: it puts each at
 * the top of its chain, those of KUBE-FIREWALL last (`iptablesKubeletJumpChains`, 1.27 to 1.37). Where a kubelet ran
 * first, these are the last.
 */
export const JUMPS: readonly Jump[] = [
  ...FILTER_JUMPS,
  natJump('PREROUTING', CHAINS.services.name, PORTALS),
  natJump('OUTPUT', CHAINS.services.name, PORTALS),
  natJump('POSTROUTING', CHAINS.postrouting.name, POSTROUTING),
];
