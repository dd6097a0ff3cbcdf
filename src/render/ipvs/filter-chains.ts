import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from '../netfilter/chains.ts';
import { acceptForwarded } from '../netfilter/filter-chains.ts';
import { ACCEPT, DROP, fromAddress, jump, NEW_CONNECTIONS, REJECT, RETURN } from '../netfilter/matches.ts';
import type { SetName } from '../netfilter/sets.ts';
import { commentOf, toEntryOf } from './set-matches.ts';
import { IPVS_CHAINS } from './vocabulary.ts';

/** Tells whether a set has entries: most rules are there only when theirs has. */
export type HasEntries = (set: SetName) => boolean;

/** Sets of addresses and ports that may be reached on the node; all else on addresses of the dummy device may not. */
const REACHABLE: readonly SetName[] = [
  'KUBE-LOAD-BALANCER',
  'KUBE-CLUSTER-IP',
  'KUBE-EXTERNAL-IP',
  'KUBE-EXTERNAL-IP-LOCAL',
  'KUBE-HEALTH-CHECK-NODE-PORT',
];

/** Our chains of the filter table: who may reach what. */
export function* ipvsFilterChains(state: NodeState, hasEntries: HasEntries): Generator<Chain> {
  yield { name: CHAINS.forward.name, rules: acceptForwarded(state) };
  yield { name: IPVS_CHAINS.access.name, rules: accessRules(state) };
  yield { name: IPVS_CHAINS.outAccess.name, rules: outRules(state) };
  yield { name: IPVS_CHAINS.nodePort.name, rules: healthCheckRules(state) };
  yield { name: CHAINS.proxyFirewall.name, rules: firewallRules(state, hasEntries) };
  yield { name: IPVS_CHAINS.sourceRanges.name, rules: sourceRangeRules(state, hasEntries) };
}

/** Keeps what the node itself serves from being reached on the addresses of Services (kubernetes/kubernetes#72236). */
function accessRules({ family }: NodeState): Rule[] {
  return [
    ...REACHABLE.map((set): Rule => ({ matches: [toEntryOf(set, family)], action: RETURN })),
    { matches: [NEW_CONNECTIONS, toEntryOf('KUBE-IPVS-IPS', family)], action: REJECT },
  ];
}

/**
 * Keeps processes of the node from load balancers whose source ranges leave it out. Such packets come from the load
 * balancer's own address (the dummy device has it), and by now they go to a real server: kubernetes/kubernetes#119656.
 */
function* outRules({ servicePorts }: NodeState): Generator<Rule> {
  for (const { loadBalancerIPs, admitted, protocol, port } of servicePorts) {
    if (admitted === undefined) continue;
    for (const ip of loadBalancerIPs) {
      if (admitted.ofNode.includes(ip)) continue;
      yield {
        matches: [fromAddress(ip), { kind: 'ipvs', ip, protocol: lowerCaseProtocol(protocol), port }],
        action: DROP,
      };
    }
  }
}

function healthCheckRules({ family }: NodeState): Rule[] {
  const set = 'KUBE-HEALTH-CHECK-NODE-PORT';
  return [{ matches: [commentOf(set), toEntryOf(set, family)], action: ACCEPT }];
}

function firewallRules({ family }: NodeState, hasEntries: HasEntries): Rule[] {
  const set = 'KUBE-LOAD-BALANCER-FW';
  if (!hasEntries(set)) return [];
  return [{ matches: [commentOf(set), toEntryOf(set, family)], action: jump(IPVS_CHAINS.sourceRanges.name) }];
}

function sourceRangeRules({ family }: NodeState, hasEntries: HasEntries): Rule[] {
  const sets = ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'KUBE-LOAD-BALANCER-SOURCE-IP'] as const;
  return [
    ...sets
      .filter(hasEntries)
      .map((set): Rule => ({ matches: [commentOf(set), toEntryOf(set, family)], action: RETURN })),
    { matches: [], action: DROP },
  ];
}
