import type { NftRule, NftSet } from '../../lang/nftables/ruleset.ts';
import type { EndpointPool, ServicePort } from '../../model/node-state.ts';
import { goTo, named as inSet, rule } from './expressions.ts';
import { type NamedServicePort, namesOf } from './names.ts';

/** Rules about Services that both layouts have. */

/**
 * Who may use the load-balancer addresses. Where the ranges hold the node, so may it: a node that has the load
 * balancer's address itself reaches it with that address as source.
 */
export function admittedSources({
  sourceRanges,
  sourceRangesHoldNode,
  loadBalancerIPs,
}: ServicePort): readonly string[] {
  return sourceRangesHoldNode ? [...sourceRanges, ...loadBalancerIPs] : sourceRanges;
}

/** A client that was here not long ago goes where it went; the others go to the chain of any endpoint. */
export function* choiceAmongChains(named: NamedServicePort, { endpoints }: EndpointPool): Generator<NftRule> {
  const names = endpoints.map((endpoint) => namesOf(named, endpoint));
  if (named.servicePort.sessionAffinitySeconds !== undefined) {
    for (const { chain, affinitySet } of names) {
      yield rule([{ kind: 'in-set', fields: ['saddr'], set: inSet(affinitySet) }], [goTo(chain)]);
    }
  }
  const elements = names.map(({ chain }, index) => ({ key: [index], verdict: goTo(chain) }));
  const key = [{ kind: 'random', modulus: elements.length }] as const;
  yield rule([], [{ kind: 'vmap', key, map: { kind: 'anonymous', elements } }]);
}

/** Sets of the clients that went to an endpoint not long ago. */
export function affinitySets({ servicePort, endpointNames }: NamedServicePort): NftSet[] {
  const { sessionAffinitySeconds: timeoutSeconds } = servicePort;
  if (timeoutSeconds === undefined) return [];
  return [...endpointNames.values()].map(({ affinitySet: name }) => {
    return { name, fields: ['saddr'], timeoutSeconds, elements: [] };
  });
}
