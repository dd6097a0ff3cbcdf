import type { NftDestinationSource } from '../../lang/nftables/expressions/nat.ts';
import type { NftRule, NftSet } from '../../lang/nftables/ruleset.ts';
import type { AdmittedSources, Endpoint, EndpointPool } from '../../model/node-state.ts';
import { goTo, named as inSet, NFT_DROP, notFrom, rule } from './expressions.ts';
import { endpointNamesOf, type NamedNftPort } from './names.ts';
import { NFT_SETS } from './vocabulary.ts';

/** Rules about Services that both layouts have. */

/** Keeps out who may not use the load-balancer addresses. */
export function dropOthers({ ranges, ofNode }: AdmittedSources): NftRule {
  return rule([notFrom([...ranges, ...ofNode])], [NFT_DROP]);
}

/** A client that was here not long ago goes where it went; the others go to the chain of any endpoint. */
export function* choiceAmongChains(named: NamedNftPort, { endpoints }: EndpointPool): Generator<NftRule> {
  const names = endpoints.map((endpoint) => endpointNamesOf(named, endpoint));
  if (named.servicePort.sessionAffinitySeconds !== undefined) {
    for (const { chain, affinitySet } of names) {
      yield rule(
        [{ kind: 'in-set', fields: NFT_SETS.affinity.fields, set: inSet(affinitySet) }],
        [goTo(chain)],
      );
    }
  }
  const elements = names.map(({ chain }, index) => ({ key: [index], verdict: goTo(chain) }));
  const key = [{ kind: 'random', modulus: elements.length }] as const;
  yield rule([], [{ kind: 'vmap', key, map: { kind: 'anonymous', elements } }]);
}

/** One of the endpoints, by a number that is drawn. */
export function drawnFrom(endpoints: readonly Endpoint[]): NftDestinationSource {
  return {
    kind: 'map',
    key: [{ kind: 'random', modulus: endpoints.length }],
    map: { kind: 'anonymous', elements: endpoints.map((to, index) => ({ key: [index], to })) },
  };
}

/** Sets of the clients that went to an endpoint not long ago. */
export function affinitySets({ servicePort, endpointNames }: NamedNftPort): NftSet[] {
  const { sessionAffinitySeconds: timeoutSeconds } = servicePort;
  if (timeoutSeconds === undefined) return [];
  return [...endpointNames.values()].map(({ affinitySet: name }) => {
    return { name, fields: NFT_SETS.affinity.fields, timeoutSeconds, elements: [] };
  });
}
