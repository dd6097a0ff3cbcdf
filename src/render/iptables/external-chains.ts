import type { Rule } from '../../lang/iptables/ruleset.ts';
import type { AdmittedSources, Delivery, ExternalDelivery, NodeState } from '../../model/node-state.ts';
import { COMMENTS, commentAbout } from '../netfilter/comments.ts';
import { MARK_FOR_MASQUERADE } from '../netfilter/masquerade.ts';
import { FROM_LOCAL_ADDRESS, fromAddress, fromLocalPods, jump } from '../netfilter/matches.ts';
import { type NamedServicePort, policyChain } from './names.ts';

/** KUBE-EXT: masquerades or not, then leaves the choice to a pool's chain. */
export function* externalRules(
  state: NodeState,
  named: NamedServicePort,
  external: ExternalDelivery,
): Generator<Rule> {
  const { label, chains } = named;
  if (external.keepsClientIP) {
    yield* shortCircuitRules(state, named, external.fromInside);
  } else {
    yield {
      matches: [commentAbout(COMMENTS.masquerade, label)],
      action: MARK_FOR_MASQUERADE,
    };
  }
  if (external.fromOutside.kind !== 'endpoints') return;
  yield { matches: [], action: jump(policyChain(chains, external.fromOutside.pool)) };
}

/** A Local policy is for clients from outside: pods and processes of this node may use every endpoint. */
function* shortCircuitRules(state: NodeState, named: NamedServicePort, inside: Delivery): Generator<Rule> {
  if (inside.kind !== 'endpoints') return;
  const { label, chains } = named;
  const action = jump(policyChain(chains, inside.pool));
  const ownPods = fromLocalPods(state.localDetector);
  if (ownPods !== undefined) {
    yield { matches: [ownPods, commentAbout(COMMENTS.routePods, label)], action };
  }
  yield {
    matches: [commentAbout(COMMENTS.masqueradeLocal, label), FROM_LOCAL_ADDRESS],
    action: MARK_FOR_MASQUERADE,
  };
  yield {
    matches: [commentAbout(COMMENTS.routeLocal, label), FROM_LOCAL_ADDRESS],
    action,
  };
}

/** KUBE-FW: lets the source ranges through, and the node where they hold it. */
export function* firewallRules(
  { label, chains }: NamedServicePort,
  { ranges, ofNode }: AdmittedSources,
): Generator<Rule> {
  const reason = commentAbout(COMMENTS.loadBalancerIP, label);
  const action = jump(chains.external);
  for (const cidr of ranges) yield { matches: [{ kind: 'source', cidr }, reason], action };
  for (const ip of ofNode) yield { matches: [fromAddress(ip), reason], action };
  yield { matches: [commentAbout(COMMENTS.otherTraffic, label)] };
}
