import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../../lang/iptables/ruleset.ts';
import type { Endpoint, EndpointPool, NodeState } from '../../../model/node-state.ts';
import { jump } from '../../netfilter/matches.ts';
import { masqueradeRules } from '../endpoint-chains.ts';
import { chainAt, endpointChainsOf, type NamedServicePort, policyChain, shareChain } from '../names.ts';

/**
 * KUBE-SVC, KUBE-SVL: as in kube-proxy's layout, but rules rewrite the destination where that one has jumps to a
 * chain for each endpoint. KUBE-SUB: shares of a pool that has many.
 */
export function* poolChains(state: NodeState, named: NamedServicePort, pool: EndpointPool): Generator<Chain> {
  const shares = inShares(pool.endpoints).map((endpoints, number) => ({
    chain: shareChain(named.chains, pool, number),
    endpoints,
  }));
  yield { name: policyChain(named.chains, pool), rules: poolRules(state, named, { pool, shares }) };
  for (const { chain, endpoints } of shares) yield { name: chain, rules: endpointRules(named, endpoints) };
}

interface Choice {
  readonly pool: EndpointPool;
  /** To choose among first; none: among endpoints at once. */
  readonly shares: readonly Share[];
}

interface Share {
  readonly chain: string;
  readonly endpoints: readonly Endpoint[];
}

function* poolRules(state: NodeState, named: NamedServicePort, { pool, shares }: Choice): Generator<Rule> {
  yield* masqueradeRules(state, named, pool);
  yield* affinityRules(named, pool);
  if (shares.length > 0) yield* choiceRules(shares.map(shareOption));
  else yield* endpointRules(named, pool.endpoints);
}

function shareOption({ chain, endpoints }: Share): WeightedRule {
  return { weight: endpoints.length, ruleFor: (choice) => ({ matches: choice, action: jump(chain) }) };
}

/** A client that was here not long ago goes where it went. */
function* affinityRules(named: NamedServicePort, { endpoints }: EndpointPool): Generator<Rule> {
  const seconds = named.servicePort.sessionAffinitySeconds;
  if (seconds === undefined) return;
  const names = endpointChainsOf(named, endpoints);
  for (const [index, endpoint] of endpoints.entries()) {
    yield rewriteTo(named, endpoint, [
      { kind: 'recently-seen', name: chainAt(names, index), seconds, renews: true },
    ]);
  }
}

/** One of the endpoints. The client is remembered last, when it is certain that it goes there. */
function* endpointRules(named: NamedServicePort, endpoints: readonly Endpoint[]): Generator<Rule> {
  const isSticky = named.servicePort.sessionAffinitySeconds !== undefined;
  const names = isSticky ? endpointChainsOf(named, endpoints) : [];
  const options = endpoints.map((endpoint, index): WeightedRule => {
    const remember: readonly Match[] = isSticky ? [{ kind: 'remember', name: chainAt(names, index) }] : [];
    return { weight: 1, ruleFor: (choice) => rewriteTo(named, endpoint, [...choice, ...remember]) };
  });
  yield* choiceRules(options);
}

function rewriteTo(
  { protocol }: NamedServicePort,
  { hostPort }: Endpoint,
  conditions: readonly Match[],
): Rule {
  return {
    matches: [{ kind: 'protocol', protocol }, ...conditions],
    action: { kind: 'dnat', to: hostPort },
  };
}

/** One of several ways that a packet can take. */
export interface WeightedRule {
  /** Its share, compared with the others. */
  readonly weight: number;
  /** The rule that takes it, where `choice` holds. */
  readonly ruleFor: (choice: readonly Match[]) => Rule;
}

/** One of the options, at random: each takes its share of what those before have left, the last one all of it. */
export function* choiceRules(options: readonly WeightedRule[]): Generator<Rule> {
  let remaining = options.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, ruleFor } of options) {
    yield ruleFor(remaining > weight ? [{ kind: 'random', probability: weight / remaining }] : []);
    remaining -= weight;
  }
}

/** A choice among more is made in two steps: in one, half of the rules have to be looked at on average. */
const MAX_OPTIONS = 64;

/** A long list in parts, about as many as each is long, for a choice in two steps; none for a short list. */
export function inShares<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length <= MAX_OPTIONS) return [];
  const count = Math.ceil(Math.sqrt(list.length));
  const start = (index: number) => Math.floor((index * list.length) / count);
  return Array.from({ length: count }, (_, index) => list.slice(start(index), start(index + 1)));
}
