import type { IPFamily } from '../../model/cluster.ts';
import type { L4Protocol } from './l4-protocol.ts';

/** A network interface that a packet passes: `none` for what a process of the node sends or gets. */
export type NetworkInterface =
  | { readonly kind: 'none' }
  /** It is none of these for sure; left out: it may be any. */
  | { readonly kind: 'unknown'; readonly not?: readonly string[] }
  | { readonly kind: 'named'; readonly name: string };

export const NO_INTERFACE: NetworkInterface = { kind: 'none' };
export const UNKNOWN_INTERFACE: NetworkInterface = { kind: 'unknown' };
export const LOOPBACK: NetworkInterface = { kind: 'named', name: 'lo' };

/** The first packet of a new connection, at some point of its way. Addresses are canonical. */
export interface Packet {
  readonly family: IPFamily;
  readonly protocol: L4Protocol;
  readonly source: string;
  /** Where it goes by now. */
  readonly destination: string;
  readonly port: number;
  readonly inInterface: NetworkInterface;
  readonly outInterface: NetworkInterface;
  readonly mark: number;
  /** What rules have noted of the connection; left out: 0. */
  readonly connectionMark?: number;
  /** Where it went at first, when that has been rewritten. */
  readonly original?: Destination;
  /** IPVS has rewritten it. */
  readonly isScheduled?: boolean;
  /** How its source is rewritten. */
  readonly rewrittenSource?: string;
  /** The connection is not tracked, so nothing of it is rewritten. */
  readonly isUntracked?: boolean;
  /** It has left the node once, so it is too late to rewrite anything. */
  readonly isConfirmed?: boolean;
  /** Clients are remembered for so long: this one is taken for new. */
  readonly affinitySeconds?: number;
}

export interface Destination {
  readonly ip: string;
  readonly port: number;
}

/** The packet with another destination. */
export function sendTo(packet: Packet, { ip, port }: Destination): Packet {
  const original = packet.original ?? { ip: packet.destination, port: packet.port };
  return { ...packet, destination: ip, port, original };
}

/** Tells packets of one connection from those that the node may treat in another way from here on. */
export interface PacketKeys {
  readonly whole: string;
  /** Whatever the destination is that the packet has by now. */
  readonly elsewhere: string;
}

export function packetKeys(packet: Packet): PacketKeys {
  const { mark, connectionMark = 0, destination, port, original, rewrittenSource, affinitySeconds } = packet;
  const flags =
    (packet.isUntracked === true ? 1 : 0) +
    (packet.isScheduled === true ? 2 : 0) +
    (packet.isConfirmed === true ? 4 : 0);
  const interfaces = `${interfaceKey(packet.inInterface)} ${interfaceKey(packet.outInterface)}`;
  const before = original === undefined ? '' : `${original.ip} ${original.port}`;
  const elsewhere = `${mark} ${connectionMark} ${flags} ${affinitySeconds} ${interfaces} ${before} ${rewrittenSource}`;
  return { whole: `${destination} ${port} ${elsewhere}`, elsewhere };
}

function interfaceKey(each: NetworkInterface): string {
  if (each.kind === 'named') return `=${each.name}`;
  return each.kind === 'unknown' && each.not !== undefined ? `unknown -${each.not.join()}` : each.kind;
}
