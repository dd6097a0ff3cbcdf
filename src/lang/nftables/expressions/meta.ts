import { assertNever } from '../../../diagnostic/invariant.ts';
import { ALL } from '../../packet/fraction.ts';
import { isInterface } from '../../packet/holds.ts';
import { nftWord } from '../../text/quote.ts';
import { readCount, readNftMark } from '../elements/values.ts';
import { take, takeAs, takeString, type Words } from '../elements/words.ts';
import { ON } from './act.ts';
import { type NftMatchKind, type NftStatementKind, printNot, takeNot, testing } from './expression.ts';

/** What the kernel notes about a packet: where it came in, and its mark. */

/** A trailing `*` stands for any rest of the name, which interfaces that are told by index can't have. */
export interface NftInterfaceMatch {
  readonly kind: 'in-interface';
  readonly name: string;
  /** By the index that the interface of this name has when the rule is loaded; else by name. */
  readonly byIndex?: true;
  readonly negated?: boolean;
}

/** (mark & mask) == value */
export interface NftMarkMatch {
  readonly kind: 'mark';
  readonly mask: number;
  readonly value: number;
  readonly negated?: boolean;
}

export interface SetMarkStatement {
  readonly kind: 'set-mark';
  readonly operator: 'and' | 'or' | 'xor';
  readonly value: number;
}

export const IIFNAME: NftMatchKind<NftInterfaceMatch, NftInterfaceMatch> = {
  print: (match) =>
    `${match.byIndex === true ? 'iif' : 'iifname'} ${printNot(match)}"${nftWord(match.name)}"`,
  take: (words) => {
    const byIndex = take(words, 'iif') ? ({ byIndex: true } as const) : {};
    if (byIndex.byIndex === undefined && !take(words, 'iifname')) return undefined;
    const not = takeNot(words);
    const name = takeString(words);
    return name === undefined ? undefined : [{ kind: 'in-interface', name, ...byIndex, ...not }];
  },
  prepare: ({ name }) => {
    const pattern = name.replace(/\*$/, '+');
    return testing((packet) => isInterface(pattern, 'in-interface', packet));
  },
};

const ALL_BITS = 0xffff_ffff;

/** nft prints a mask of leading bits as a prefix: `meta mark != 0x00000000/1`. */
export const META_MARK: NftMatchKind<NftMarkMatch, NftMarkMatch> = {
  print: ({ mask, value, negated }) =>
    `meta mark & ${hex(mask)} ${negated === true ? '!=' : '=='} ${hex(value)}`,
  take: (words) => {
    if (!take(words, 'meta', 'mark')) return undefined;
    const mask = takeOneOf(words, ['&', 'and']) ? takeAs(words, readNftMark) : ALL_BITS;
    const not = takeNot(words);
    if (not.negated === undefined) take(words, '==');
    const prefix = mask === ALL_BITS ? takeAs(words, readMarkPrefix) : undefined;
    if (prefix !== undefined) return [{ kind: 'mark', ...prefix, ...not }];
    const value = takeAs(words, readNftMark);
    return mask === undefined || value === undefined ? undefined : [{ kind: 'mark', mask, value, ...not }];
  },
  prepare: ({ mask, value }) => testing(({ mark }) => (mark & mask) >>> 0 === value),
};

function takeOneOf(words: Words, spellings: readonly string[]): boolean {
  return spellings.some((spelling) => take(words, spelling));
}

const MARK_BITS = 32;

/** `0x80000000/1` */
function readMarkPrefix(word: string): Pick<NftMarkMatch, 'mask' | 'value'> | undefined {
  const [text = '', lengthText, ...more] = word.split('/');
  const value = readNftMark(text);
  const length = lengthText === undefined ? undefined : readCount(lengthText);
  if (value === undefined || length === undefined || length > MARK_BITS || more.length > 0) return undefined;
  return { mask: length === 0 ? 0 : (ALL_BITS << (MARK_BITS - length)) >>> 0, value };
}

const SIGNS = { and: '&', or: '|', xor: '^' } as const;

/** With the words that nft printed before it had signs (up to 0.9). */
const OPERATORS: ReadonlyMap<string, SetMarkStatement['operator']> = new Map([
  ['&', 'and'],
  ['and', 'and'],
  ['|', 'or'],
  ['or', 'or'],
  ['^', 'xor'],
  ['xor', 'xor'],
]);

export const META_MARK_SET: NftStatementKind<SetMarkStatement, SetMarkStatement> = {
  print: ({ operator, value }) => `meta mark set meta mark ${SIGNS[operator]} ${hex(value)}`,
  take: (words) => {
    const statement = takeSetMark(words);
    return statement === undefined ? undefined : { statement };
  },
  run: (statement, packet) => [
    {
      packet: { ...packet, mark: newMark(statement, packet.mark) },
      next: ON,
      share: ALL,
      effect: `mark ${statement.operator} 0x${statement.value.toString(16)}`,
    },
  ],
};

function takeSetMark(words: Words): SetMarkStatement | undefined {
  if (!take(words, 'meta', 'mark', 'set', 'meta', 'mark')) return undefined;
  const operator = takeAs(words, (word) => OPERATORS.get(word));
  const value = takeAs(words, readNftMark);
  return operator === undefined || value === undefined ? undefined : { kind: 'set-mark', operator, value };
}

function newMark({ operator, value }: SetMarkStatement, mark: number): number {
  switch (operator) {
    case 'and':
      return (mark & value) >>> 0;
    case 'or':
      return (mark | value) >>> 0;
    case 'xor':
      return (mark ^ value) >>> 0;
    default:
      return assertNever(operator);
  }
}

/** 32 bits, unsigned, as nft lists them. */
function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
}
