import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Rule, Table } from '../../../lang/iptables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { CHAINS } from '../../netfilter/chains.ts';
import { COMMENTS } from '../../netfilter/comments.ts';
import { MARK_FOR_MASQUERADE } from '../../netfilter/masquerade.ts';
import { ACCEPT, comment, loopbackCIDR, RETURN } from '../../netfilter/matches.ts';

/**
 * An endpoint that reaches itself over a Service, when its connection leaves. kube-proxy has a rule for each endpoint
 * before it rewrites the destination; afterwards one rule tells them all. It knows no Service: connections that others
 * rewrite match as well, but a host takes no packet from outside with its own address as source, so without
 * masquerading they could not work either. Those of a process that stays on loopback addresses could, and are let be.
 */
function reachesItself({ family }: NodeState): readonly Match[] {
  return [
    { kind: 'source', cidr: loopbackCIDR(family), negated: true },
    comment(COMMENTS.hairpin),
    { kind: 'ctstate', states: ['DNAT'] },
    { kind: 'source-is-destination', family },
  ];
}

/** For KUBE-POSTROUTING, before what is marked is masqueraded. */
export function markHairpin(state: NodeState): Rule {
  return { matches: reachesItself(state), action: MARK_FOR_MASQUERADE };
}

/** For KUBE-FORWARD, whose other rules take it only when it is marked before it gets there. */
export function acceptHairpin(state: NodeState): Rule {
  return { matches: reachesItself(state), action: ACCEPT };
}

/** The only rule that not every host takes: for `iptables-restore --test`, which changes nothing. */
export function hairpinProbe(state: NodeState): Table {
  const name = CHAINS.postrouting.name;
  const rules: readonly Rule[] = [{ matches: reachesItself(state), action: RETURN }];
  return { name: 'nat', chainNames: [name], chains: [{ name, rules }] };
}
