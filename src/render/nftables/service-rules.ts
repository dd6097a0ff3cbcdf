import type { NftRule, NftSet } from '../../lang/nftables/ruleset.ts';
import type { AdmittedSources, EndpointPool } from '../../model/node-state.ts';
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

/** Sets of the clients that went to an endpoint not long ago. */
export function affinitySets({ servicePort, endpointNames }: NamedNftPort): NftSet[] {
  const { sessionAffinitySeconds: timeoutSeconds } = servicePort;
  if (timeoutSeconds === undefined) return [];
  return [...endpointNames.values()].map(({ affinitySet: name }) => {
    return { name, fields: NFT_SETS.affinity.fields, timeoutSeconds, elements: [] };
  });
}
