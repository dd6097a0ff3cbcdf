import type { NftChain, NftTable } from '../../../model/nftables.ts';
import type { NodeState } from '../../../model/node-state.ts';
import { type NamedServicePort, nameServicePort, TABLE_NAME } from '../names.ts';
import { hookChains } from './hook-chains.ts';
import { buildMaps, buildSets } from './maps.ts';
import { serviceChains } from './service-chains.ts';

/** What kube-proxy's nftables mode (1.33 and 1.34) programs for this state: its own chains, sets and maps. */
export function buildKubeProxyTable(state: NodeState): NftTable {
  const namedPorts = state.servicePorts.map((each) => nameServicePort(each, each.reachable));
  return {
    family: state.family,
    name: TABLE_NAME,
    comment: 'rules for kube-proxy',
    sets: buildSets(state, namedPorts),
    maps: buildMaps(state, namedPorts),
    chains: chainsOf(state, namedPorts),
  };
}

function* chainsOf(state: NodeState, namedPorts: readonly NamedServicePort[]): Generator<NftChain> {
  yield* hookChains(state);
  for (const named of namedPorts) yield* serviceChains(state, named);
}
