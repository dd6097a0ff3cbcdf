import type { IPFamily } from '../../../model/cluster.ts';
import type { Host } from '../../packet/host.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import { FAMILIES, type NftFamily } from '../family.ts';
import {
  fieldOf,
  type NftField,
  type NftValue,
  type PortOwner,
  printField,
  readValue,
  takeField,
  type ValueType,
  valueTypeOf,
} from './field.ts';
import { readCount } from './values.ts';
import { nextWord, take, takeAs, takeWord, type Words } from './words.ts';

/** A number from 0 to `modulus` - 1, drawn anew each time. */
export interface NftRandom {
  readonly kind: 'random';
  readonly modulus: number;
}

/** What a set or map is asked for, part by part. */
export type NftKey = readonly (NftField | NftRandom)[];

/**
 * Parts of a key, joined as in rules and in `typeof`.
 * @param owner whose ports it has
 */
export function printKey(key: NftKey, family: NftFamily, owner: PortOwner = 'th'): string {
  return key
    .map((part) =>
      typeof part === 'string' ? printField(part, family, owner) : `numgen random mod ${part.modulus}`,
    )
    .join(' . ');
}

/** A key as it was read. */
export interface TakenKey {
  readonly parts: NftKey;
  /** Its port is of this protocol alone; undefined: of any, or it has none. */
  readonly protocol: L4Protocol | undefined;
}

/** Reads `ip daddr . meta l4proto . th dport`. @returns undefined when that is not what comes, or it is not known */
export function takeKey(words: Words, family: IPFamily): TakenKey | undefined {
  const parts: (NftField | NftRandom)[] = [];
  let protocol: L4Protocol | undefined;
  do {
    const own = takeOwnPort(words);
    if (own !== undefined && protocol !== undefined && own.protocol !== protocol) return undefined;
    protocol ??= own?.protocol;
    const part = own?.field ?? takeField(words, FAMILIES[family]) ?? takeRandom(words);
    if (part === undefined) return undefined;
    parts.push(part);
  } while (take(words, '.'));
  return { parts, protocol };
}

/** `tcp dport`, `udp sport` */
function takeOwnPort(
  words: Words,
): { readonly protocol: L4Protocol; readonly field: 'dport' | 'sport' } | undefined {
  const protocol = l4Protocol(nextWord(words) ?? '');
  if (protocol === undefined) return undefined;
  const field = (['dport', 'sport'] as const).find((each) => take(words, protocol, each));
  return field === undefined ? undefined : { protocol, field };
}

/** Each number that can be drawn is looked at, and no Service has so many endpoints. */
const MAX_MODULUS = 65_536;

function takeRandom(words: Words): NftRandom | undefined {
  if (!take(words, 'numgen', 'random', 'mod')) return undefined;
  const modulus = takeAs(words, readCount);
  const hasOffset = nextWord(words) === 'offset';
  if (modulus === undefined || modulus === 0 || modulus > MAX_MODULUS || hasOffset) return undefined;
  return { kind: 'random', modulus };
}

/** The fields of a key; undefined: it also draws numbers. */
export function fieldsOf(key: NftKey): readonly NftField[] | undefined {
  const fields = key.filter((part) => typeof part === 'string');
  return fields.length < key.length ? undefined : fields;
}

export function typesOf(key: NftKey): readonly ValueType[] {
  return key.map((part) => (typeof part === 'string' ? valueTypeOf(part) : 'number'));
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

/** All keys that a packet can ask with: one for each number that can be drawn. */
export function keysOf(key: NftKey, packet: Packet, host: Host): readonly (readonly NftValue[])[] {
  let keys: readonly (readonly NftValue[])[] = [[]];
  for (const part of key) {
    // Maps that are asked for what only the node can tell are walked case by case.
    const values =
      typeof part === 'string' ? [fieldOf(part, packet, host) ?? ''] : numbersBelow(part.modulus);
    keys = keys.flatMap((start) => values.map((value) => [...start, value]));
  }
  return keys;
}

function numbersBelow(limit: number): readonly number[] {
  return Array.from({ length: limit }, (_, number) => number);
}
