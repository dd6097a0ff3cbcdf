import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule, Table } from '../../lang/iptables/ruleset.ts';
import type { IPVSRuleset } from '../../lang/ipvs/ruleset.ts';
import { lengthOf } from '../../lang/text/in-parts.ts';
import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from '../netfilter/chains.ts';
import { MARK_FOR_MASQUERADE, markRules, postroutingRules } from '../netfilter/masquerade.ts';
import {
  ACCEPT,
  fromMasqueraded,
  jump,
  loopbackCIDR,
  RETURN,
  TO_LOCAL_ADDRESS,
} from '../netfilter/matches.ts';
import { layOutTable, type RestoreForm } from '../netfilter/restore-form.ts';
import { nameInFamily, type SetName } from '../netfilter/sets.ts';
import { fixedChains } from '../own-chains.ts';
import { buildIPVS } from './build.ts';
import { type HasEntries, ipvsFilterChains } from './filter-chains.ts';
import { IPVS_JUMPS } from './jumps.ts';
import { commentOf, fromAddressOf, toEntryOf } from './set-matches.ts';
import { IPVS_CHAINS } from './vocabulary.ts';

/** The iptables rules of kube-proxy's ipvs mode (1.34): they match on sets, so there are always few of them. */
export function buildIPVSTables(
  state: NodeState,
  form: RestoreForm,
  { sets }: Pick<IPVSRuleset, 'sets'> = buildIPVS(state),
): Table[] {
  const filled = new Set(sets.filter(({ entries }) => lengthOf(entries) > 0).map(({ name }) => name));
  const hasEntries: HasEntries = (set) => filled.has(nameInFamily(set, state.family));
  const filter = {
    table: 'filter',
    names: fixedChains('filter', 'ipvs/kube-proxy'),
    chains: ipvsFilterChains(state, hasEntries),
  } as const;
  const nat = {
    table: 'nat',
    names: fixedChains('nat', 'ipvs/kube-proxy'),
    chains: ipvsNatChains(state, hasEntries),
  } as const;
  return [filter, nat].map((own) => layOutTable(own, IPVS_JUMPS, form));
}

const NOT_FROM_BRIDGE_PORT: Match = { kind: 'from-bridge-port', negated: true };
const NOT_FROM_LOCAL_ADDRESS: Match = { kind: 'local-address', of: 'source', negated: true };

/** Local policies first: they keep the client's address. */
const NODE_PORTS = [
  { protocol: 'tcp', local: 'KUBE-NODE-PORT-LOCAL-TCP', all: 'KUBE-NODE-PORT-TCP' },
  { protocol: 'udp', local: 'KUBE-NODE-PORT-LOCAL-UDP', all: 'KUBE-NODE-PORT-UDP' },
  { protocol: 'sctp', local: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH', all: 'KUBE-NODE-PORT-SCTP-HASH' },
] as const;

/** Our chains of the nat table: which connections are masqueraded. Where they go is left to IPVS. */
function* ipvsNatChains(state: NodeState, hasEntries: HasEntries): Generator<Chain> {
  yield { name: IPVS_CHAINS.loadBalancer.name, rules: loadBalancerRules(state, hasEntries) };
  yield { name: CHAINS.markForMasquerade.name, rules: markRules(state) };
  yield { name: IPVS_CHAINS.nodePort.name, rules: nodePortRules(state, hasEntries) };
  yield {
    name: CHAINS.postrouting.name,
    rules: [...hairpinRules(state, hasEntries), ...postroutingRules(state)],
  };
  yield { name: CHAINS.services.name, rules: serviceRules(state, hasEntries) };
}

function loadBalancerRules({ family }: NodeState, hasEntries: HasEntries): Rule[] {
  const local = 'KUBE-LOAD-BALANCER-LOCAL';
  const keepClientIP: Rule = { matches: [commentOf(local), toEntryOf(local, family)], action: RETURN };
  return [...(hasEntries(local) ? [keepClientIP] : []), { matches: [], action: MARK_FOR_MASQUERADE }];
}

function* nodePortRules({ family }: NodeState, hasEntries: HasEntries): Generator<Rule> {
  for (const { protocol, local, all } of NODE_PORTS) {
    const ofProtocol: Match = { kind: 'protocol', protocol };
    if (hasEntries(local)) {
      yield { matches: [ofProtocol, commentOf(local), toEntryOf(local, family)], action: RETURN };
    }
    if (hasEntries(all)) {
      yield { matches: [ofProtocol, commentOf(all), toEntryOf(all, family)], action: MARK_FOR_MASQUERADE };
    }
  }
}

/** An endpoint that reaches itself through a Service: masqueraded, or its answers would not pass by here. */
function hairpinRules({ family }: NodeState, hasEntries: HasEntries): Rule[] {
  const set = 'KUBE-LOOP-BACK';
  if (!hasEntries(set)) return [];
  return [
    { matches: [commentOf(set), toEntryOf(set, family)], action: { kind: 'masquerade', randomFully: false } },
  ];
}

/** KUBE-SERVICES. What comes from a loopback address is none of its business: IPVS can't serve it. */
function* serviceRules(state: NodeState, hasEntries: HasEntries): Generator<Rule> {
  const { family } = state;
  yield { matches: [{ kind: 'source', cidr: loopbackCIDR(family) }], action: RETURN };
  const balancers = 'KUBE-LOAD-BALANCER';
  if (hasEntries(balancers)) {
    yield {
      matches: [commentOf(balancers), toEntryOf(balancers, family)],
      action: jump(IPVS_CHAINS.loadBalancer.name),
    };
  }
  if (hasEntries('KUBE-CLUSTER-IP')) yield clusterIPRule(state);
  yield* externalIPRules(state, hasEntries);
  yield { matches: [TO_LOCAL_ADDRESS], action: jump(IPVS_CHAINS.nodePort.name) };
  for (const set of ['KUBE-CLUSTER-IP', balancers] as const) {
    if (hasEntries(set)) yield { matches: [toEntryOf(set, family)], action: ACCEPT };
  }
}

/**
 * Traffic to clusterIPs is masqueraded when it isn't from this node's pods. Where those can't be told, only that of
 * the node's processes is, which comes from addresses of the dummy device.
 */
function clusterIPRule({ family, masqueraded }: NodeState): Rule {
  const set: SetName = 'KUBE-CLUSTER-IP';
  const [note, toService, action] = [commentOf(set), toEntryOf(set, family), MARK_FOR_MASQUERADE];
  const clients = fromMasqueraded(masqueraded);
  if (clients !== undefined) return { matches: [...clients, note, toService], action };
  return { matches: [note, fromAddressOf(set, family)], action };
}

/** Accepts traffic from outside, which neither pods nor processes of the node send; else nothing may be there. */
function* externalIPRules({ family }: NodeState, hasEntries: HasEntries): Generator<Rule> {
  for (const set of ['KUBE-EXTERNAL-IP', 'KUBE-EXTERNAL-IP-LOCAL'] as const) {
    if (!hasEntries(set)) continue;
    const matches = [commentOf(set), toEntryOf(set, family)];
    if (set === 'KUBE-EXTERNAL-IP') yield { matches, action: MARK_FOR_MASQUERADE };
    yield { matches: [...matches, NOT_FROM_BRIDGE_PORT, NOT_FROM_LOCAL_ADDRESS], action: ACCEPT };
    yield { matches: [...matches, TO_LOCAL_ADDRESS], action: ACCEPT };
  }
}
