import { assertNever } from '../../../diagnostic/invariant.ts';
import { ALL } from '../../packet/fraction.ts';
import { isInterface } from '../../packet/holds.ts';
import { nftWord } from '../../text/quote.ts';
import { readCount, readNftMark } from '../elements/values.ts';
import { nextWord, take, takeAs, takeString, type Words } from '../elements/words.ts';
import { ON } from './act.ts';
import { type NftMatchKind, type NftStatementKind, printNot, takeNot, testing } from './expression.ts';

/** What the kernel notes about a packet: where it came in, and its mark. */

/** A trailing `*` stands for any rest of the name, which interfaces that are told by index can't have. */
export interface NftInterfaceMatch {
  readonly kind: 'in-interface' | 'out-interface';
  readonly name: string;
  /** By the index that the interface of this name has when the rule is loaded; else by name. */
  readonly byIndex?: true;
  readonly negated?: boolean;
}

/** (mark & mask) == value */
export interface NftMarkMatch {
  readonly kind: 'mark';
  /** Of the connection, not of the packet. */
  readonly isOfConnection?: true;
  readonly mask: number;
  readonly value: number;
  readonly negated?: boolean;
}

export interface SetMarkStatement {
  readonly kind: 'set-mark';
  readonly operator: 'and' | 'or' | 'xor';
  readonly value: number;
}

export const IIFNAME = interfaceKind('in-interface');
export const OIFNAME = interfaceKind('out-interface');

function interfaceKind(kind: NftInterfaceMatch['kind']): NftMatchKind<NftInterfaceMatch, NftInterfaceMatch> {
  const word = kind === 'in-interface' ? 'iif' : 'oif';
  return {
    print: (match) =>
      `${match.byIndex === true ? word : `${word}name`} ${printNot(match)}"${nftWord(match.name)}"`,
    take: (words) => {
      const byIndex = take(words, word) ? ({ byIndex: true } as const) : {};
      if (byIndex.byIndex === undefined && !take(words, `${word}name`)) return undefined;
      const not = takeNot(words);
      const name = takeString(words);
      return name === undefined ? undefined : [{ kind, name, ...byIndex, ...not }];
    },
    prepare: ({ name }) => {
      const patterns = [interfacePattern(name)];
      return testing((packet) => isInterface(patterns, kind, packet));
    },
  };
}

/** The `*` of nft stands for the same as the `+` of iptables. */
export function interfacePattern(name: string): string {
  return name.replace(/\*$/, '+');
}

const ALL_BITS = 0xffff_ffff;

/** nft prints a mask of leading bits as a prefix: `meta mark != 0x00000000/1`. */
export const META_MARK: NftMatchKind<NftMarkMatch, NftMarkMatch> = {
  print: ({ mask, value, negated, isOfConnection }) =>
    `${isOfConnection === true ? 'ct' : 'meta'} mark & ${hex(mask)} ${negated === true ? '!=' : '=='} ${hex(value)}`,
  take: (words) => {
    const ofConnection = take(words, 'ct', 'mark') ? ({ isOfConnection: true } as const) : {};
    if (ofConnection.isOfConnection === undefined && !take(words, 'meta', 'mark')) return undefined;
    const mask = takeOneOf(words, ['&', 'and']) ? takeAs(words, readNftMark) : ALL_BITS;
    const not = takeNot(words);
    if (not.negated === undefined) take(words, '==');
    const prefix = mask === ALL_BITS ? takeAs(words, readMarkPrefix) : undefined;
    if (prefix !== undefined) return [{ kind: 'mark', ...prefix, ...not, ...ofConnection }];
    const value = takeAs(words, readNftMark);
    if (mask === undefined || value === undefined) return undefined;
    return [{ kind: 'mark', mask, value, ...not, ...ofConnection }];
  },
  prepare: ({ mask, value, isOfConnection }) =>
    testing(({ mark, connectionMark = 0 }) => {
      const asked = isOfConnection === true ? connectionMark : mark;
      return (asked & mask) >>> 0 === value;
    }),
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
  const isMore = OPERATORS.has(nextWord(words) ?? '');
  if (operator === undefined || value === undefined || isMore) return undefined;
  return { kind: 'set-mark', operator, value };
}

/** As rules of others set marks: mark = ((from & and) | or) ^ xor */
export interface AssignMarkStatement {
  readonly kind: 'assign-mark';
  readonly to: 'packet' | 'connection';
  readonly from: 'packet' | 'connection' | 'nothing';
  readonly and: number;
  readonly or: number;
  readonly xor: number;
}

export const ASSIGN_MARK: NftStatementKind<AssignMarkStatement, AssignMarkStatement> = {
  print: (statement) => {
    const { from, and, or, xor } = statement;
    const source = from === 'nothing' ? '0x00000000' : MARKS[from];
    return `${MARKS[statement.to]} set ${source} & ${hex(and)} | ${hex(or)} ^ ${hex(xor)}`;
  },
  take: (words) => {
    const to = takeMark(words);
    if (to === undefined || !take(words, 'set')) return undefined;
    const statement = takeAssigned(words, to);
    return statement === undefined ? undefined : { statement };
  },
  run: ({ to, from, and, or, xor }, packet) => {
    const { mark, connectionMark = 0 } = packet;
    const before = from === 'packet' ? mark : from === 'connection' ? connectionMark : 0;
    const after = (((before & and) | or) ^ xor) >>> 0;
    const changed = to === 'packet' ? { mark: after } : { connectionMark: after };
    const what = to === 'packet' ? 'mark' : 'mark of the connection';
    const effect = `${what} = 0x${after.toString(16)}`;
    return [{ packet: { ...packet, ...changed }, next: ON, share: ALL, effect }];
  },
};

const MARKS = { packet: 'meta mark', connection: 'ct mark' } as const;

function takeMark(words: Words): 'packet' | 'connection' | undefined {
  if (take(words, 'meta', 'mark')) return 'packet';
  return take(words, 'ct', 'mark') ? 'connection' : undefined;
}

/** `0x10`, `ct mark`, `meta mark & 0xff | 0x100`, and `mark or 0x4000`, as nft spells rules of iptables-nft. */
function takeAssigned(words: Words, to: AssignMarkStatement['to']): AssignMarkStatement | undefined {
  const source = takeMark(words) ?? (take(words, 'mark') ? 'packet' : undefined);
  const constant = source === undefined ? takeAs(words, readNftMark) : 0;
  if (constant === undefined) return undefined;
  let [and, or, xor] = [ALL_BITS, constant, 0];
  for (
    let operator = takeAs(words, (word) => OPERATORS.get(word));
    operator !== undefined;
    operator = takeAs(words, (word) => OPERATORS.get(word))
  ) {
    const value = takeAs(words, readNftMark);
    if (value === undefined) return undefined;
    const kept = operator === 'and' ? value : operator === 'or' ? ~value : ALL_BITS;
    and &= kept;
    or = (or & kept) | (operator === 'or' ? value : 0);
    xor = (xor & kept) ^ (operator === 'xor' ? value : 0);
  }
  return {
    kind: 'assign-mark',
    to,
    from: source ?? 'nothing',
    and: and >>> 0,
    or: or >>> 0,
    xor: xor >>> 0,
  };
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
