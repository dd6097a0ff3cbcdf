import type { Packet } from '../../../src/lang/packet/packet.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import type { NodeState } from '../../../src/model/node-state.ts';
import { MODES } from '../../../src/modes/index.ts';
import type { RuleSetting } from '../../../src/modes/mode.ts';
import type { FollowedWay as Way } from '../../../src/trace/follow.ts';
import type { Outcome } from './outcome.ts';
import { waysOf } from './ways-of.ts';

/** Tells what becomes of a connection on a node. */
export type Node = (packet: Packet) => Outcome;

/** A node with these addresses, programmed for a state. */
export function walkedNode(state: NodeState, setting: RuleSetting, localAddresses: readonly string[]): Node {
  const host = MODES[setting.mode].host(state, localAddresses);
  const firewall = MODES[setting.mode].firewall(state, setting, host);
  return (packet) => outcomeOf(waysOf(firewall, host, packet));
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

function kindOf({ end, packet, when }: Way): Outcome['kind'] {
  if (when.kind === 'question') throw new Error('a rule of ours is not understood');
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
