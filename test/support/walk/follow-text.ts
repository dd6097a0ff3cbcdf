import { readSavedRules } from '../../../src/lang/iptables/read/read-saved-rules.ts';
import { iptablesFirewall } from '../../../src/lang/iptables/walk/firewall.ts';
import type { Host } from '../../../src/lang/packet/host.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../../src/lang/packet/packet.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import { sourceText } from '../../../src/model/source-text.ts';
import { type Followed, type FollowedWay, follow } from '../../../src/trace/follow.ts';
import { conditionsOf } from './ways-of.ts';

/** A client outside, and a Service's address. */
const packet: Packet = {
  family: 'IPv4',
  protocol: 'tcp',
  source: '192.0.2.5',
  destination: '10.96.0.1',
  port: 80,
  inInterface: { kind: 'named', name: 'eth0' },
  outInterface: UNKNOWN_INTERFACE,
  mark: 0,
};

/** The same from a process of the node. */
export const ownPacket: Packet = { ...packet, source: '192.168.7.11', inInterface: NO_INTERFACE };

const NODE: Host = { localAddresses: new Set(['192.168.7.11']), sets: undefined, virtualServers: [] };

/** What becomes of a packet under rules as `iptables-save` prints them. */
export function followText(
  tables: Readonly<Record<string, readonly string[]>>,
  changes: Partial<Packet> = {},
  host: Partial<Host> = {},
): readonly FollowedWay[] {
  const followed = tryText(tables, changes, host);
  if (followed.kind === 'too-many') throw new Error('there are too many ways');
  return followed.ways;
}

/** The same, where there may be too many ways. */
export function tryText(
  tables: Readonly<Record<string, readonly string[]>>,
  changes: Partial<Packet> = {},
  host: Partial<Host> = {},
): Followed {
  const text = Object.entries(tables).map(([name, lines]) => `*${name}\n${lines.join('\n')}\nCOMMIT\n`);
  const read = readSavedRules(sourceText('saved', text.join('')));
  if (read.diagnostics.length > 0) throw new Error(JSON.stringify(read.diagnostics));
  const node = { ...NODE, ...host };
  return follow(
    iptablesFirewall(read.tables, node, () => ''),
    node,
    { ...packet, ...changes },
  );
}

/** One line for each way: share, end, destination, and what it takes for granted. */
export function summarize(outcomes: readonly FollowedWay[]): readonly string[] {
  return outcomes.map((way) => {
    const { share, end, packet } = way;
    const part = `${share.numerator}/${share.denominator}`;
    const { destination, port } = packet;
    const what = end.kind === 'delivered' ? `${end.to} ${joinHostPort(destination, port)}` : end.kind;
    const when = conditionsOf(way).join(' or ');
    return `${part} ${what}${when === '' ? '' : ` if ${when}`}`;
  });
}
