import type { IPFamily } from '../../../model/cluster.ts';
import { type L4Protocol, l4Protocol } from '../../packet/l4-protocol.ts';
import type { NftField, NftKey, NftRandom, NftValue } from '../ruleset.ts';
import { readAddresses, readCount, readPort, readProtocol } from './values.ts';
import { nextWord, take, takeAs, takeWord, type Words } from './words.ts';

/** What a set or map is asked for. */
export interface AskedKey {
  readonly parts: NftKey;
  /** Its port is of this protocol alone; undefined: of any, or it has none. */
  readonly protocol: L4Protocol | undefined;
}

/** Reads `ip daddr . meta l4proto . th dport`. @returns undefined when that is not what comes, or it is not known */
export function takeKey(words: Words, family: IPFamily): AskedKey | undefined {
  const parts: (NftField | NftRandom)[] = [];
  let protocol: L4Protocol | undefined;
  do {
    const ported = takePortedPart(words);
    if (ported !== undefined && protocol !== undefined && ported !== protocol) return undefined;
    protocol ??= ported;
    const part = ported === undefined ? takePart(words, family) : 'dport';
    if (part === undefined) return undefined;
    parts.push(part);
  } while (take(words, '.'));
  return { parts, protocol };
}

/** `tcp dport` */
function takePortedPart(words: Words): L4Protocol | undefined {
  const protocol = l4Protocol(nextWord(words) ?? '');
  return protocol !== undefined && take(words, protocol, 'dport') ? protocol : undefined;
}

const HEADERS = { IPv4: 'ip', IPv6: 'ip6' } as const satisfies Record<IPFamily, string>;

/** Each number that can be drawn is looked at, and no Service has so many endpoints. */
const MAX_MODULUS = 65_536;

function takePart(words: Words, family: IPFamily): NftField | NftRandom | undefined {
  if (take(words, HEADERS[family], 'saddr')) return 'saddr';
  if (take(words, HEADERS[family], 'daddr')) return 'daddr';
  if (take(words, 'meta', 'l4proto')) return 'l4proto';
  if (take(words, 'th', 'dport')) return 'dport';
  if (!take(words, 'numgen', 'random', 'mod')) return undefined;
  const modulus = takeAs(words, readCount);
  const hasOffset = nextWord(words) === 'offset';
  if (modulus === undefined || modulus === 0 || modulus > MAX_MODULUS || hasOffset) return undefined;
  return { kind: 'random', modulus };
}

/** What a part of a key is, whatever it is compared with. */
export type ValueType = 'address' | 'protocol' | 'port' | 'number';

export function typesOf(key: NftKey): readonly ValueType[] {
  return key.map((part) => {
    if (part === 'l4proto') return 'protocol';
    if (part === 'dport') return 'port';
    return part === 'saddr' || part === 'daddr' ? 'address' : 'number';
  });
}

/** Reads the key of an element: `10.96.0.1 . tcp . 80`. */
export function takeValues(
  words: Words,
  types: readonly ValueType[],
  family: IPFamily,
): readonly NftValue[] | undefined {
  const values: NftValue[] = [];
  for (const [index, type] of types.entries()) {
    if (index > 0 && !take(words, '.')) return undefined;
    const word = takeWord(words);
    const value = word === undefined ? undefined : readValue(word, type, family);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
}

function readValue(word: string, type: ValueType, family: IPFamily): NftValue | undefined {
  switch (type) {
    case 'address':
      return readAddresses(word, family);
    case 'protocol':
      return readProtocol(word);
    case 'port':
      return readPort(word);
    case 'number':
      return readCount(word);
  }
}
