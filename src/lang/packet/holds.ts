import type { Packet } from './packet.ts';

/**
 * Something about a packet that only the node can tell. It has one value, whoever asks: a packet comes in by one interface,
 * and a set holds its source or does not.
 */
export interface Unknown {
  readonly about: 'in-interface' | 'out-interface' | 'match';
  /**
   * Names of interfaces, any of which will do, and whose final `+` stands for any rest; or one match, as its language
   * spells it.
   */
  readonly asked: readonly string[];
  /**
   * What the value depends on beside the connection: on which side of the translation of its destination a packet is; "":
   * nothing. Ways to different endpoints part before that is asked and never meet again, so that they can share a question:
   * with one for each endpoint, as many cases would have to be told apart as there are endpoints and interfaces.
   */
  readonly of: '' | 'first destination' | 'last destination';
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

/** Whether a packet passes an interface of one of these names, whose final `+` stands for any rest. */
export function isInterface(
  patterns: readonly string[],
  about: 'in-interface' | 'out-interface',
  packet: Packet,
): Holds {
  const actual = about === 'in-interface' ? packet.inInterface : packet.outInterface;
  switch (actual.kind) {
    case 'none':
      return false;
    case 'named':
      return patterns.some((pattern) => isNamed(actual.name, pattern));
    case 'unknown': {
      if (patterns.includes('+')) return true;
      const asked = patterns.filter((pattern) => pattern !== 'lo' && actual.not?.includes(pattern) !== true);
      if (asked.length === 0) return false;
      const of = about === 'out-interface' ? sideOf(packet) : '';
      return { about, asked, of, isOwn: false, holds: true };
    }
  }
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Where a packet leaves depends on where it goes. */
function sideOf({ original }: Packet): Unknown['of'] {
  return original === undefined ? 'first destination' : 'last destination';
}

/** Matches that count or draw lots, so that a packet can meet them twice and get two answers; or that nft does not spell out. */
const OWN = /\b(?:limit|hashlimit|connlimit|quota|quota2|statistic|recent|random|numgen|ct count|xt match)\b/;

/** Matches that look at where a packet goes, which rules change on its way. */
const OF_DESTINATION = /\b(?:dst|daddr|dport|out|oif|oifname|u32|bpf|rt)\b/;

/** What only some packets have, and matches that ask about it. */
const ABSENT: readonly { readonly asks: RegExp; readonly isThere: (packet: Packet) => boolean }[] = [
  // Others belong to no process of the node (owner_mt, net/netfilter/xt_owner.c; nft_meta_get_eval_skugid, nft_meta.c).
  {
    asks: /^(?:-m owner |meta sk[ug]id |socket cgroup)/,
    isThere: ({ inInterface, isScheduled }) => inInterface.kind === 'none' && isScheduled !== true,
  },
  { asks: /^-m ipvs /, isThere: ({ isScheduled }) => isScheduled === true },
];

/** Modules of iptables hold for what is not there where all that they ask is negated; a rule of nft ends there. */
function isNegatedAlone(text: string): boolean {
  const asked = text.match(/(?:! )?--\S+/g) ?? [];
  return asked.length > 0 && asked.every((each) => each.startsWith('!'));
}

/** A match that nobody can decide, as its language spells it; unless it asks about what such a packet has not. */
export function unknownMatch(text: string, packet: Packet): Holds {
  const absent = ABSENT.find(({ asks, isThere }) => asks.test(text) && !isThere(packet));
  if (absent !== undefined) return isNegatedAlone(text);
  const of = OF_DESTINATION.test(text) ? sideOf(packet) : '';
  return { about: 'match', asked: [text], of, isOwn: OWN.test(text), holds: true };
}
