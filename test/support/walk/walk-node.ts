import { joinHostPort } from '../../../src/model/ip.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import type { Table } from '../../../src/model/ruleset.ts';
import { buildTables as buildIptables } from '../../../src/render/iptables/build.ts';
import { buildIPVS } from '../../../src/render/ipvs/build.ts';
import { buildTables as buildIPVSTables } from '../../../src/render/ipvs/tables.ts';
import { printRule } from '../../../src/render/restore/print.ts';
import { builtTable } from '../../../src/trace/iptables/built-table.ts';
import { iptablesFirewall } from '../../../src/trace/iptables/firewall.ts';
import { follow, type Outcome as Way } from '../../../src/trace/walk/follow.ts';
import type { Host } from '../../../src/trace/walk/host.ts';
import type { Packet } from '../../../src/trace/walk/packet.ts';
import type { Outcome } from './outcome.ts';

/** Tells what becomes of a connection on a node. */
export type Node = (packet: Packet) => Outcome;

/** A node that kube-proxy's iptables mode has programmed. */
export function iptablesNode(state: NodeState, localAddresses: readonly string[]): Node {
  const host: Host = { localAddresses: new Set(localAddresses), sets: new Map(), virtualServers: [] };
  return nodeOf(buildIptables(state, { form: 'tables' }), host);
}

/** A node that kube-proxy's ipvs mode has programmed. */
export function ipvsNode(state: NodeState, localAddresses: readonly string[]): Node {
  const ruleset = buildIPVS(state);
  return nodeOf(buildIPVSTables(state, 'tables'), {
    localAddresses: new Set([...localAddresses, ...ruleset.addresses]),
    sets: new Map(ruleset.sets.map((set) => [set.name, set])),
    virtualServers: ruleset.virtualServers,
  });
}

function nodeOf(tables: readonly Table[], host: Host): Node {
  const firewall = iptablesFirewall(tables.map(builtTable), host, (_, rule) => printRule(rule));
  return (packet) => outcomeOf(follow(firewall, host, packet));
}

/** All ways end alike, but for the endpoint. */
function outcomeOf(ways: readonly Way[]): Outcome {
  const kinds = new Set(ways.map(kindOf));
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0)
    throw new Error(`ends in several ways: ${[...kinds].join(', ')}`);
  if (kind !== 'served') return { kind, endpoints: [], isMasqueraded: false };
  const endpoints = new Set(ways.map(({ packet: { destination, port } }) => joinHostPort(destination, port)));
  const isMasqueraded = ways.some(({ packet }) => packet.rewrittenSource !== undefined);
  return { kind, endpoints: [...endpoints].sort(), isMasqueraded };
}

function kindOf({ end, packet, assumptions }: Way): Outcome['kind'] {
  if (assumptions !== undefined) throw new Error('a rule of ours is not understood');
  switch (end.kind) {
    case 'delivered':
      return packet.original === undefined ? 'unserved' : 'served';
    case 'drop':
      return 'dropped';
    case 'reject':
      return 'rejected';
    case 'lost':
      throw new Error(end.reason);
  }
}
