import type { IPFamily } from '../../../model/cluster.ts';
import type { ListedContents } from '../ruleset.ts';
import { takeKey, typesOf, type ValueType } from './read-key.ts';
import { take, takeWord, type Words, wordsOf } from './words.ts';

/** What a set or map holds, by its declaration. */
export interface SetType {
  readonly key: readonly ValueType[];
  readonly values: ListedContents['values'];
}

/** Reads `type ipv4_addr . inet_service : verdict`, or the same by example (`typeof`). @returns undefined: not known */
export function readSetType(declaration: string, family: IPFamily): SetType | undefined {
  const words = wordsOf(declaration);
  if (words === undefined) return undefined;
  const takeTypes = take(words, 'typeof') ? takeExamples : takeNames;
  if (takeTypes === takeNames) take(words, 'type');
  const key = takeTypes(words, family);
  if (key === undefined) return undefined;
  if (words.at === words.all.length) return { key, values: 'none' };
  if (!take(words, ':')) return undefined;
  if (take(words, 'verdict')) return { key, values: 'verdict' };
  const value = takeTypes(words, family);
  return value?.join(' ') === 'address port' ? { key, values: 'destination' } : undefined;
}

function takeExamples(words: Words, family: IPFamily): readonly ValueType[] | undefined {
  const key = takeKey(words, family);
  return key === undefined ? undefined : typesOf(key.parts);
}

const ADDRESS_TYPES = { IPv4: 'ipv4_addr', IPv6: 'ipv6_addr' } as const satisfies Record<IPFamily, string>;

function takeNames(words: Words, family: IPFamily): readonly ValueType[] | undefined {
  const types: ValueType[] = [];
  do {
    const type = typeNamed(takeWord(words), family);
    if (type === undefined) return undefined;
    types.push(type);
  } while (take(words, '.'));
  return types;
}

function typeNamed(name: string | undefined, family: IPFamily): ValueType | undefined {
  if (name === ADDRESS_TYPES[family]) return 'address';
  if (name === 'inet_proto') return 'protocol';
  return name === 'inet_service' ? 'port' : undefined;
}
