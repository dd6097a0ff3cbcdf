import type { Counted } from '../../lang/iptables/compare/compare-rules.ts';
import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Rule } from '../../lang/iptables/ruleset.ts';
import { CHAINS } from '../netfilter/chains.ts';
import { loopbackCIDR } from '../netfilter/matches.ts';

/** Counters of kube-proxy's metrics (pkg/proxy/metrics, since 1.31), which it makes where the kernel has nfnetlink_acct. */
const INVALID_PACKETS = 'ct_state_invalid_dropped_pkts';
const LOCALHOST_NODE_PORTS = 'localhost_nps_accepted_pkts';

/**
 * What a rule counts that kube-proxy has beside the others: it counts packets that conntrack finds INVALID while it drops
 * them, and before the rule of a nodePort those to it on localhost. svcgen makes no such rules, since the kernel refuses
 * them where nobody made the counters; where a node has them, they are as they should be.
 */
export function countedBy(chain: string, { matches, action }: Rule): Counted | undefined {
  const [counter, ...more] = matches.filter(({ kind }) => kind === 'counter');
  if (counter?.kind !== 'counter' || more.length > 0) return undefined;
  const others = matches.filter((match) => match !== counter);
  if (chain === CHAINS.forward.name && counter.name === INVALID_PACKETS)
    return { rule: withAction(others, action), place: 'instead' };
  if (chain !== CHAINS.nodePorts.name || counter.name !== LOCALHOST_NODE_PORTS) return undefined;
  const rest = others.filter((match) => !isToLoopback(match));
  return rest.length < others.length ? { rule: withAction(rest, action), place: 'before' } : undefined;
}

function isToLoopback(match: Match): boolean {
  return match.kind === 'destination' && match.cidr === loopbackCIDR('IPv4') && match.negated !== true;
}

function withAction(matches: readonly Match[], action: Rule['action']): Rule {
  return action === undefined ? { matches } : { matches, action };
}
