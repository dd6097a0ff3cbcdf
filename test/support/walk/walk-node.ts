import { joinHostPort } from '../../../src/model/ip.ts';
import type { IPVSRuleset } from '../../../src/model/ipvs.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import type { Table } from '../../../src/model/ruleset.ts';
import { buildTables as buildIptables } from '../../../src/render/iptables/build.ts';
import { buildIPVS } from '../../../src/render/ipvs/build.ts';
import { buildTables as buildIPVSTables } from '../../../src/render/ipvs/tables.ts';
import { lowerCaseProtocol } from '../../../src/render/restore/matches.ts';
import type { Outcome, Packet } from './packet.ts';
import { type Chains, chainsOf, type Host, type Way, walkChain } from './walk-rules.ts';

/** Tells what becomes of a connection on a node. */
export type Node = (packet: Packet) => Outcome;

const REFUSED: Outcome = { kind: 'rejected', endpoints: [], isMasqueraded: false };
const DROPPED: Outcome = { kind: 'dropped', endpoints: [], isMasqueraded: false };
const UNSERVED: Outcome = { kind: 'unserved', endpoints: [], isMasqueraded: false };

interface Tables {
  readonly nat: Chains;
  readonly filter: Chains;
}

/** A node that kube-proxy's iptables mode has programmed. */
export function iptablesNode(state: NodeState, localAddresses: readonly string[]): Node {
  const tables = readTables(buildIptables(state, 'tables'));
  const host: Host = { localAddresses: new Set(localAddresses), sets: new Map() };
  const mark = (1 << state.masqueradeBit) >>> 0;
  return (packet) => {
    const ways = walkChain(tables.nat, hooksOf(packet).nat, packet, host);
    const filtered = ways.flatMap((way) =>
      walkFilter(tables, hookAfterNat(way.packet, host), way.packet, host),
    );
    const refused = filtered.find(({ verdict }) => verdict === 'drop' || verdict === 'reject');
    if (refused !== undefined) return refused.verdict === 'drop' ? DROPPED : REFUSED;
    return outcomeOf(filtered, mark, (way) => (way.packet.sentTo === undefined ? [] : [way.packet.sentTo]));
  };
}

/** A node that kube-proxy's ipvs mode has programmed. */
export function ipvsNode(state: NodeState, localAddresses: readonly string[]): Node {
  const ruleset = buildIPVS(state);
  const tables = readTables(buildIPVSTables(state, 'tables'));
  const host: Host = {
    localAddresses: new Set([...localAddresses, ...ruleset.addresses]),
    sets: new Map(ruleset.sets.map((set) => [set.name, set])),
  };
  const mark = (1 << state.masqueradeBit) >>> 0;
  return (packet) => {
    const ways = walkChain(tables.nat, hooksOf(packet).nat, packet, host);
    const filtered = ways.flatMap((way) =>
      walkFilter(tables, hookAfterNat(way.packet, host), way.packet, host),
    );
    const refused = filtered.find(({ verdict }) => verdict === 'drop' || verdict === 'reject');
    if (refused !== undefined) return refused.verdict === 'drop' ? DROPPED : REFUSED;
    const servers = realServers(ruleset, packet);
    if (servers === undefined || !host.localAddresses.has(packet.destination)) return UNSERVED;
    if (servers.length === 0) return REFUSED;
    return outcomeOf(filtered, mark, () => servers);
  };
}

function readTables(tables: readonly Table[]): Tables {
  const chainsIn = (name: Table['name']) => {
    const table = tables.find((each) => each.name === name);
    return table === undefined ? new Map() : chainsOf(table);
  };
  return { nat: chainsIn('nat'), filter: chainsIn('filter') };
}

function hooksOf({ inInterface }: Packet): { readonly nat: string } {
  return { nat: inInterface === undefined ? 'OUTPUT' : 'PREROUTING' };
}

/** What is rewritten, and what is not for this host, is forwarded. */
function hookAfterNat({ inInterface, sentTo, destination }: Packet, { localAddresses }: Host): string {
  if (inInterface === undefined) return 'OUTPUT';
  return sentTo === undefined && localAddresses.has(destination) ? 'INPUT' : 'FORWARD';
}

function walkFilter({ filter }: Tables, hook: string, packet: Packet, host: Host): readonly Way[] {
  return walkChain(filter, hook, packet, host);
}

/** undefined: there is no such virtual server. */
function realServers({ virtualServers }: IPVSRuleset, packet: Packet): readonly string[] | undefined {
  const server = virtualServers.find(
    ({ protocol, ip, port }) =>
      lowerCaseProtocol(protocol) === packet.protocol && ip === packet.destination && port === packet.port,
  );
  return server?.realServers.map(({ ip, port }) => joinHostPort(ip, port)).sort();
}

function outcomeOf(
  ways: readonly Way[],
  mark: number,
  endpointsOf: (way: Way) => readonly string[],
): Outcome {
  const endpoints = [...new Set(ways.flatMap(endpointsOf))].sort();
  if (endpoints.length === 0) return UNSERVED;
  return { kind: 'served', endpoints, isMasqueraded: ways.some(({ packet }) => (packet.mark & mark) !== 0) };
}
