import type { IPFamily } from '../../../model/cluster.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import { FAMILIES } from '../family.ts';
import type { SetValues } from './element.ts';
import { type NftField, typeName, type ValueType, valueTypeOf } from './field.ts';
import { fieldsOf, type NftKey, printKey, takeKey, typesOf } from './key.ts';
import { nftWords, take, takeWord, type Words } from './words.ts';

/** What sets and maps declare to have elements of: `type ipv4_addr . inet_service : verdict`, or the same by example. */

/** What an address, or an address and port, come from, as a key. */
const VALUES = { address: ['daddr'], destination: ['daddr', 'dport'] } as const;

export function printSetType(fields: readonly NftField[], family: IPFamily): string {
  return `type ${typeNames(fields, family)}`;
}

interface MapType {
  readonly key: NftKey;
  readonly protocol?: L4Protocol;
  readonly values: Exclude<SetValues, 'none'>;
}

/**
 * Drawn numbers have no type of their own, so keys with them are told by example. nft 1.0.6 takes no rule that looks
 * into a map which the kernel has, when `th dport` is the example, and the rule knows its protocol.
 */
export function printMapType({ key, protocol, values }: MapType, family: IPFamily): string {
  const fields = fieldsOf(key);
  if (fields === undefined) {
    const word = FAMILIES[family];
    const value = values === 'verdict' ? 'verdict' : printKey(VALUES[values], word, protocol);
    return `typeof ${printKey(key, word, protocol)} : ${value}`;
  }
  const value = values === 'verdict' ? 'verdict' : typeNames(VALUES[values], family);
  return `type ${typeNames(fields, family)} : ${value}`;
}

function typeNames(fields: readonly NftField[], family: IPFamily): string {
  return fields.map((field) => typeName(valueTypeOf(field), family)).join(' . ');
}

/** What a set or map holds, by its declaration. */
export interface SetType {
  readonly key: readonly ValueType[];
  readonly values: SetValues;
}

/** Reads a declaration. @returns undefined: values of its type are not known */
export function readSetType(declaration: string, family: IPFamily): SetType | undefined {
  const words = nftWords(declaration);
  if (words === undefined) return undefined;
  const takeTypes = take(words, 'typeof') ? takeExamples : takeNames;
  if (takeTypes === takeNames) take(words, 'type');
  const key = takeTypes(words, family);
  if (key === undefined) return undefined;
  if (words.at === words.all.length) return { key, values: 'none' };
  if (!take(words, ':')) return undefined;
  if (take(words, 'verdict')) return { key, values: 'verdict' };
  const value = takeTypes(words, family)?.join(' ');
  if (value === 'address') return { key, values: 'address' };
  return value === 'address port' ? { key, values: 'destination' } : undefined;
}

function takeExamples(words: Words, family: IPFamily): readonly ValueType[] | undefined {
  const key = takeKey(words, family);
  return key === undefined ? undefined : typesOf(key.parts);
}

function takeNames(words: Words, family: IPFamily): readonly ValueType[] | undefined {
  const types: ValueType[] = [];
  do {
    const name = takeWord(words);
    const type = NAMED_TYPES.find((each) => typeName(each, family) === name);
    if (type === undefined) return undefined;
    types.push(type);
  } while (take(words, '.'));
  return types;
}

const NAMED_TYPES = [
  'address',
  'protocol',
  'port',
  'interface',
  'mark',
  'state',
  'status',
  'direction',
  'nfproto',
  'ethertype',
  'pkttype',
  'fib-type',
  'number',
] as const satisfies readonly ValueType[];
