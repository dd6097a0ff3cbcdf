import type { Match } from '../../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../../lang/iptables/ruleset.ts';
import type { Endpoint, EndpointPool, NodeState } from '../../../model/node-state.ts';
import { jump } from '../../netfilter/matches.ts';
import { masqueradeRules } from '../endpoint-chains.ts';
import { chainAt, endpointChainsOf, type NamedServicePort, policyChain, shareChain } from '../names.ts';
import { choiceRules, inShares, type Option } from './choice-rules.ts';

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

function shareOption({ chain, endpoints }: Share): Option {
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
  const options = endpoints.map((endpoint, index): Option => {
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
