import type { NftChain, NftTable } from '../../../lang/nftables/ruleset.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { BASE_CHAIN_NAMES } from '../base-chains.ts';
import type { NftablesMemory } from '../memory.ts';
import { type NamedServicePort, nameServicePort, TABLE_NAME } from '../names.ts';
import { hookChains } from './hook-chains.ts';
import { buildMaps, buildSets } from './maps.ts';
import { choiceChains, endpointChains } from './service-chains.ts';

/** What kube-proxy's nftables mode (1.33 and 1.34) programs for this state: its own chains, sets and maps. */
export function buildKubeProxyTable(state: NodeState, memory: NftablesMemory): NftTable {
  const namedPorts = state.servicePorts.map((each) =>
    memory.name(each, () => nameServicePort(each, each.reachable)),
  );
  return {
    family: state.family,
    name: TABLE_NAME,
    comment: 'rules for kube-proxy',
    sets: buildSets(state, namedPorts),
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: buildMaps(state, namedPorts),
    chains: chainsOf(state, namedPorts, memory),
  };
}

function* chainsOf(
  state: NodeState,
  namedPorts: readonly NamedServicePort[],
  memory: NftablesMemory,
): Generator<NftChain> {
  yield* hookChains(state);
  for (const named of namedPorts) {
    yield* memory.chains(state, { of: named, kind: 'choice' }, () => choiceChains(state, named));
    yield* memory.chains(state, { of: named, kind: 'endpoints' }, () => endpointChains(named));
  }
}
