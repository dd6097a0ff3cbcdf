import type { Packet } from './packet.ts';

/**
 * Something about a packet that only the node can tell. It has one value, whoever asks: a packet comes in by one interface,
 * and a set holds its source or does not.
 */
export interface Unknown {
  readonly about: 'in-interface' | 'out-interface' | 'match';
  /** The name of an interface, whose final `+` stands for any rest; or a match, as its language spells it. */
  readonly asked: string;
  /** What the value depends on beside the connection: the destination that a packet has by now; "": nothing. */
  readonly of: string;
  /** Each rule has a value of its own: it counts packets, or draws lots. */
  readonly isOwn: boolean;
  /** What is asked for: that it is so, or that it is not. */
  readonly holds: boolean;
}

/** Whether a match holds, or what that depends on. */
export type Holds = boolean | Unknown;

export function negate(holds: Holds): Holds {
  return typeof holds === 'boolean' ? !holds : { ...holds, holds: !holds.holds };
}

/** Whether a packet passes an interface of a name, whose final `+` stands for any rest. */
export function isInterface(pattern: string, about: 'in-interface' | 'out-interface', packet: Packet): Holds {
  const actual = about === 'in-interface' ? packet.inInterface : packet.outInterface;
  switch (actual.kind) {
    case 'none':
      return false;
    case 'named':
      return pattern.endsWith('+') ? actual.name.startsWith(pattern.slice(0, -1)) : actual.name === pattern;
    case 'unknown':
      if (pattern === '+') return true;
      if (pattern === 'lo') return false;
      return { about, asked: pattern, of: outOf(about, packet), isOwn: false, holds: true };
  }
}

/** Where a packet leaves depends on where it goes. */
function outOf(about: 'in-interface' | 'out-interface', { destination }: Packet): string {
  return about === 'out-interface' ? destination : '';
}

/** Matches that count or draw lots, so that a packet can meet them twice and get two answers. */
const OWN = /\b(?:limit|hashlimit|connlimit|quota|quota2|statistic|recent|random|numgen)\b/;

/** Matches that look at where a packet goes, which rules change on its way. */
const OF_DESTINATION = /\b(?:dst|daddr|dport|out|oif|oifname|u32|bpf|rt)\b/;

/** A match that nobody can decide, as its language spells it. */
export function unknownMatch(text: string, { destination, port }: Packet): Unknown {
  const of = OF_DESTINATION.test(text) ? `${destination} ${port}` : '';
  return { about: 'match', asked: text, of, isOwn: OWN.test(text), holds: true };
}
