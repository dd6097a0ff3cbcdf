import { ALL, type Fraction } from '../../packet/fraction.ts';
import type { Packet } from '../../packet/packet.ts';
import type { Next } from '../../packet/verdict.ts';

/** One of the things that a statement can do with a packet. */
export interface Act {
  readonly packet: Packet;
  readonly next: Next;
  /** Of the packets that come to the statement. */
  readonly share: Fraction;
  /** What it does, in few words of nft; undefined: nothing. */
  readonly effect: string | undefined;
}

/** Packets go on to the next statement or rule. */
export const ON: Next = { kind: 'on' };

/** Nothing happens. */
export function nothing(packet: Packet): Act {
  return { packet, next: ON, share: ALL, effect: undefined };
}
