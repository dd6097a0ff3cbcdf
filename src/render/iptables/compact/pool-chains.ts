import type { Endpoint, EndpointPool, NodeState } from '../../../model/node-state.ts';
import type { Chain, Match, Rule } from '../../../model/ruleset.ts';
import { jump } from '../../restore/matches.ts';
import { endpointChain, masqueradeRules } from '../endpoint-chains.ts';
import { type NamedServicePort, policyChain, shareChain } from '../names.ts';
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
  const isWhole = shares.length === 1;
  const options = isWhole ? endpointOptions(named, pool.endpoints) : shares.map(shareOption);
  yield { name: policyChain(named.chains, pool), rules: poolRules(state, named, { pool, options }) };
  if (isWhole) return;
  for (const { chain, endpoints } of shares) {
    yield { name: chain, rules: choiceRules(endpointOptions(named, endpoints)) };
  }
}

interface Choice {
  readonly pool: EndpointPool;
  readonly options: readonly Option[];
}

function* poolRules(state: NodeState, named: NamedServicePort, { pool, options }: Choice): Generator<Rule> {
  yield* masqueradeRules(state, named, pool);
  yield* affinityRules(named, pool);
  yield* choiceRules(options);
}

/** A client that was here not long ago goes where it went. */
function* affinityRules(named: NamedServicePort, { endpoints }: EndpointPool): Generator<Rule> {
  const seconds = named.servicePort.sessionAffinitySeconds;
  if (seconds === undefined) return;
  for (const endpoint of endpoints) {
    yield rewriteTo(named, endpoint, [
      { kind: 'recently-seen', name: endpointChain(named, endpoint), seconds, renews: true },
    ]);
  }
}

/** The client is remembered last, when it is certain that it goes there. */
function endpointOptions(named: NamedServicePort, endpoints: readonly Endpoint[]): readonly Option[] {
  const isSticky = named.servicePort.sessionAffinitySeconds !== undefined;
  return endpoints.map((endpoint) => {
    const remember: readonly Match[] = isSticky
      ? [{ kind: 'remember', name: endpointChain(named, endpoint) }]
      : [];
    return { weight: 1, ruleFor: (choice) => rewriteTo(named, endpoint, [...choice, ...remember]) };
  });
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

interface Share {
  readonly chain: string;
  readonly endpoints: readonly Endpoint[];
}

function shareOption({ chain, endpoints }: Share): Option {
  return { weight: endpoints.length, ruleFor: (choice) => ({ matches: choice, action: jump(chain) }) };
}
