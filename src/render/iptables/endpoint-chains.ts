import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import { type Endpoint, type EndpointPool, type NodeState, spelledHostPort } from '../../model/node-state.ts';
import { COMMENTS, commentAbout } from '../netfilter/comments.ts';
import { MARK_FOR_MASQUERADE } from '../netfilter/masquerade.ts';
import { comment, fromAddress, fromMasqueraded, jump, toAddress } from '../netfilter/matches.ts';
import { chainAt, endpointChainsOf, type NamedServicePort } from './names.ts';

/** KUBE-SVC, KUBE-SVL: marks what needs masquerading, then chooses an endpoint. */
export function poolRules(state: NodeState, named: NamedServicePort, pool: EndpointPool): Rule[] {
  return [
    ...masqueradeRules(state, named, pool),
    ...affinityRules(state, named, pool),
    ...choiceRules(state, named, pool),
  ];
}

/** Traffic to the clusterIP is masqueraded when it isn't from this node's pods, so that answers come back here. */
export function* masqueradeRules(
  state: NodeState,
  named: NamedServicePort,
  pool: EndpointPool,
): Generator<Rule> {
  const { servicePort, label, protocol } = named;
  const { internal } = servicePort;
  if (internal.kind !== 'endpoints' || internal.pool.scope !== pool.scope) return;
  const clients = fromMasqueraded(state.masqueraded);
  if (clients === undefined) return;
  yield {
    matches: [
      ...clients,
      toAddress(servicePort.clusterIP),
      { kind: 'protocol', protocol },
      commentAbout(COMMENTS.clusterIP, label),
      { kind: 'l4', protocol, destinationPort: servicePort.port },
    ],
    action: MARK_FOR_MASQUERADE,
  };
}

/** A client that was here not long ago goes where it went. */
function* affinityRules(state: NodeState, named: NamedServicePort, pool: EndpointPool): Generator<Rule> {
  const seconds = named.servicePort.sessionAffinitySeconds;
  if (seconds === undefined) return;
  const names = endpointChainsOf(named, pool.endpoints);
  for (const [index, endpoint] of pool.endpoints.entries()) {
    const name = chainAt(names, index);
    const note = choiceComment(state, named, endpoint);
    const seen: Match = { kind: 'recently-seen', name, seconds };
    yield {
      matches: note === undefined ? [seen] : [note, seen],
      action: jump(name),
    };
  }
}

/** Of n endpoints the first is taken by one in n, the next by one in n - 1 of the rest, the last by all that remain. */
function choiceRules(state: NodeState, named: NamedServicePort, { endpoints }: EndpointPool): Rule[] {
  const names = endpointChainsOf(named, endpoints);
  return endpoints.map((endpoint, index) => {
    const note = choiceComment(state, named, endpoint);
    const chance = oneIn(endpoints.length - index);
    return { matches: note === undefined ? chance : [note, ...chance], action: jump(chainAt(names, index)) };
  });
}

/** Holds for one packet in `count`; nothing has to hold for all. Most pools are small, and share what is made for them. */
function oneIn(count: number): readonly Match[] {
  return SMALL_SHARES[count - 1] ?? makeShare(count);
}

const SMALL_SHARES = Array.from({ length: 64 }, (_, index) => makeShare(index + 1));

function makeShare(count: number): readonly Match[] {
  return count === 1 ? [] : [{ kind: 'random', probability: 1 / count }];
}

/**
 * KUBE-SEP, one an endpoint: masquerades a pod that reaches itself (hairpin), remembers the client if need be,
 * rewrites the destination. Most rules of a node are these, so what they have in common is made once.
 */
export function endpointChains(state: NodeState, named: NamedServicePort): Chain[] {
  const { servicePort, protocol } = named;
  const note = state.isLargeCluster ? [] : [comment(named.label)];
  const anyPort: Match = { kind: 'protocol', protocol };
  const module: Match = { kind: 'l4', protocol };
  const isSticky = servicePort.sessionAffinitySeconds !== undefined;
  const matches = [anyPort, ...note, module];
  return servicePort.reachable.map((endpoint, index) => {
    const name = chainAt(named.endpointChains, index);
    return {
      name,
      rules: [
        { matches: [fromAddress(endpoint.ip), ...note], action: MARK_FOR_MASQUERADE },
        {
          matches: isSticky ? [anyPort, ...note, { kind: 'remember', name }, module] : matches,
          action: { kind: 'dnat', to: endpoint.hostPort },
        },
      ],
    };
  });
}

function choiceComment(state: NodeState, { label }: NamedServicePort, endpoint: Endpoint): Match | undefined {
  return state.isLargeCluster ? undefined : comment(`${label} -> ${spelledHostPort(endpoint)}`);
}
