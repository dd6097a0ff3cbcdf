import type { NftVerdictElement } from '../../../lang/nftables/elements/element.ts';
import type { NftChain, NftMap, NftTable } from '../../../lang/nftables/ruleset.ts';
import { concat } from '../../../lang/text/concat.ts';
import type { AdmittedSources, NodeState } from '../../../model/node-state.ts';
import { sha256Base32Prefix } from '../../../model/sha256.ts';
import { firewallOf } from '../../netfilter/conditions.ts';
import { BASE_CHAIN_NAMES } from '../base-chains.ts';
import { goTo } from '../expressions.ts';
import {
  externalAddresses,
  firstOfEach,
  refusedAddresses,
  refusedNodePorts,
  toNodePort,
  toPort,
} from '../map-elements.ts';
import type { NftablesMemory } from '../memory.ts';
import { poolChain } from '../names.ts';
import { affinitySets, dropOthers } from '../service-rules.ts';
import { type MapRow, NFT_CHAINS, NFT_MAPS, TABLE_NAME } from '../vocabulary.ts';
import { drawingChain, drawingChains, endpointMaps } from './endpoint-maps.ts';
import { compactHookChains, hairpinSet } from './hook-chains.ts';
import { type PlainPort, planPorts, type SpecialPort } from './plan.ts';
import { serviceChains } from './service-chains.ts';

/**
 * What iptables mode does, with few chains, sets and maps: one verdict map leads to all Services, and nothing is in a
 * chain of its own that can be an element of a map.
 */
export function buildCompactTable(state: NodeState, memory: NftablesMemory): NftTable {
  const ports = planPorts(state);
  const plain = ports.filter((port) => port.kind === 'plain');
  const special = ports.filter((port) => port.kind === 'special');
  const verdictMaps = verdictMapsOf(state, ports);
  const present = new Set(verdictMaps.map(({ name }) => name));
  return {
    family: state.family,
    name: TABLE_NAME,
    sets: [hairpinSet(state), ...special.flatMap(affinitySets)],
    formerBaseChains: BASE_CHAIN_NAMES,
    maps: [...verdictMaps, ...endpointMaps(plain)],
    chains: concat<NftChain>([
      compactHookChains(state, present),
      firewallChains(state),
      drawingChains(state, plain),
      eachOf(special, (port) =>
        memory.chains(state, { of: port, kind: 'choice' }, () => serviceChains(state, port)),
      ),
    ]),
  };
}

/** Maps without elements are left out, and what would look into them. */
function verdictMapsOf(state: NodeState, ports: readonly (PlainPort | SpecialPort)[]): NftMap[] {
  const maps: readonly [MapRow, Iterable<NftVerdictElement>][] = [
    [NFT_MAPS.serviceIPs, eachOf(ports, servedAddresses)],
    [NFT_MAPS.serviceNodePorts, eachOf(ports, servedNodePorts)],
    [NFT_MAPS.noEndpointServices, refusedAddresses(state.servicePorts)],
    [NFT_MAPS.noEndpointNodePorts, refusedNodePorts(state.servicePorts)],
    [NFT_MAPS.firewallIPs, firewalledAddresses(state)],
  ];
  return maps.flatMap(([{ name, key }, all]) => {
    const elements = [...firstOfEach(all)];
    return elements.length === 0 ? [] : [{ name, key, values: 'verdict' as const, elements }];
  });
}

function* servedAddresses(port: PlainPort | SpecialPort): Generator<NftVerdictElement> {
  const { servicePort } = port;
  const { clusterIP, internal } = servicePort;
  if (port.kind === 'plain') {
    yield toPort(servicePort, clusterIP, goTo(drawingChain(port)));
    return;
  }
  if (internal.kind === 'endpoints') {
    yield toPort(servicePort, clusterIP, goTo(poolChain(port.chains, internal.pool)));
  }
  if (!servicePort.external?.isServed) return;
  for (const ip of externalAddresses(servicePort)) yield toPort(servicePort, ip, goTo(port.chains.external));
}

function* servedNodePorts(port: PlainPort | SpecialPort): Generator<NftVerdictElement> {
  const { servicePort } = port;
  if (port.kind === 'plain' || servicePort.nodePort === 0 || !servicePort.external?.isServed) return;
  yield toNodePort(servicePort, goTo(port.chains.external));
}

function* eachOf<Item, Part>(
  items: readonly Item[],
  partsOf: (item: Item) => Iterable<Part>,
): Generator<Part> {
  for (const item of items) yield* partsOf(item);
}

/** Addresses that are for source ranges alone. */
function* firewalledAddresses({ servicePorts }: NodeState): Generator<NftVerdictElement> {
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const verdict = goTo(firewallChain(admitted));
    for (const ip of servicePort.loadBalancerIPs) yield toPort(servicePort, ip, verdict);
  }
}

/** One chain for each list of source ranges: Services often have the same. */
function* firewallChains({ servicePorts }: NodeState): Generator<NftChain> {
  const seen = new Set<string>();
  for (const servicePort of servicePorts) {
    const admitted = firewallOf(servicePort);
    if (admitted === undefined) continue;
    const name = firewallChain(admitted);
    if (seen.has(name)) continue;
    seen.add(name);
    yield { name, rules: [dropOthers(admitted)] };
  }
}

function firewallChain({ ranges, ofNode }: AdmittedSources): string {
  return `${NFT_CHAINS.firewall.name}${sha256Base32Prefix([...ranges, ...ofNode].join(' '))}`;
}
