import { type ConntrackState, hasState, hasTranslatedDestination } from '../../packet/conntrack.ts';
import type { Packet } from '../../packet/packet.ts';
import { plainText } from '../../text/quote.ts';
import { type NamedType, numberOfName } from '../elements/values.ts';
import { take, takeAs, type Words } from '../elements/words.ts';
import type { NftProtocolMatch } from './comparison.ts';
import { type NftMatchKind, takeNot, testing } from './expression.ts';

/**
 * Of what has several bits, those in `mask` are `value`. Builders make none.
 *
 * nft 1.0.6 compiles (`--debug=netlink`) `A,B` to "any of these is set", `! A,B` to "none is", `V / M` to "of M, just V", and
 * `== A | B` and `!= A | B` to a comparison of all bits.
 */
export interface BitsMatch {
  readonly kind: 'bits';
  readonly of: keyof typeof SUBJECTS;
  readonly mask: number;
  readonly value: number;
  readonly negated?: boolean;
  /** As nft prints it. */
  readonly text: string;
}

interface Subject {
  readonly words: readonly [string, string];
  readonly type: NamedType;
  /** What the first packet of a connection has. */
  readonly bitsOf: (packet: Packet) => number;
}

const STATE_BITS: readonly (readonly [ConntrackState, number])[] = [
  ['NEW', 8],
  ['UNTRACKED', 64],
];

/** IPS_DST_NAT and IPS_DST_NAT_DONE, of include/uapi/linux/netfilter/nf_conntrack_common.h. */
const TRANSLATED = 0x120;

const SUBJECTS = {
  state: {
    words: ['ct', 'state'],
    type: 'state',
    bitsOf: (packet) =>
      STATE_BITS.reduce((all, [state, bit]) => all | (hasState([state], packet) ? bit : 0), 0),
  },
  status: {
    words: ['ct', 'status'],
    type: 'status',
    bitsOf: (packet) => (hasTranslatedDestination(packet) ? TRANSLATED : 0),
  },
  // The first packet of a connection has SYN and no other flag.
  'tcp-flags': { words: ['tcp', 'flags'], type: 'tcp-flags', bitsOf: () => 2 },
} as const satisfies Readonly<Record<string, Subject>>;

const ALL_BITS = 0xffff_ffff;

export const BITS: NftMatchKind<BitsMatch, BitsMatch | NftProtocolMatch> = {
  print: ({ text }) => plainText(text),
  take: (words) => {
    const start = words.at;
    const of = (['state', 'status', 'tcp-flags'] as const).find((each) => {
      const [header, field] = SUBJECTS[each].words;
      return take(words, header, field);
    });
    const asked = of === undefined ? undefined : takeAsked(words, SUBJECTS[of].type);
    if (of === undefined || asked === undefined) return undefined;
    const text = words.all.slice(start, words.at).join(' ').replaceAll(' ,', ',');
    // nft puts the protocol in front of them, so that packets of others do not match, negated or not.
    const match = { kind: 'bits', of, ...asked, text } as const;
    return of === 'tcp-flags' ? [{ kind: 'l4proto', protocol: 'tcp' }, match] : [match];
  },
  prepare: ({ of, mask, value }) => {
    const { bitsOf } = SUBJECTS[of];
    return testing((packet) => (bitsOf(packet) & mask) >>> 0 === value);
  },
};

/** (bits & mask) == value */
interface Asked {
  readonly mask: number;
  readonly value: number;
  readonly negated?: true;
}

function takeAsked(words: Words, type: NamedType): Asked | undefined {
  if (take(words, '!')) {
    const mask = takeBits(words, type);
    return mask === undefined ? undefined : { mask, value: 0 };
  }
  const isMasked = take(words, '&');
  const before = isMasked ? takeBits(words, type) : ALL_BITS;
  const isEqual = take(words, '==');
  const not = isEqual ? {} : takeNot(words);
  const value = takeBits(words, type);
  if (before === undefined || value === undefined) return undefined;
  if (take(words, '/')) {
    const mask = takeBits(words, type);
    return mask === undefined || isMasked ? undefined : { mask, value, ...not };
  }
  const isAny = !isMasked && !isEqual && not.negated === undefined;
  return isAny ? { mask: value, value: 0, negated: true } : { mask: before, value, ...not };
}

const SEPARATORS: ReadonlySet<string> = new Set([',', '|']);

/** `fin,syn`, `fin | syn`, `(fin|syn)`, `0x3`: all of them together. */
function takeBits(words: Words, type: NamedType): number | undefined {
  let bits = takeAs(words, (word) => readBits(word, type));
  for (let at = words.at; bits !== undefined && SEPARATORS.has(words.all[at] ?? ''); at = words.at) {
    words.at += 1;
    const more = takeAs(words, (word) => readBits(word, type));
    bits = more === undefined ? undefined : bits | more;
  }
  return bits === undefined ? undefined : bits >>> 0;
}

/** A word, or several without spaces between them. */
function readBits(word: string, type: NamedType): number | undefined {
  const names = word.replaceAll(/[()]/g, '').split('|');
  const bits = names.map((name) => numberOfName(name, type));
  return bits.includes(undefined) ? undefined : bits.reduce<number>((all, bit = 0) => all | bit, 0);
}
