import { isRange, rangeTest } from '../../packet/cidr-test.ts';
import type { Packet } from '../../packet/packet.ts';
import type { NftElement, NftField, NftKey, NftValue } from '../ruleset.ts';

/** Elements of a set or map, to be found by what a packet has. */
export interface ElementIndex<Element extends NftElement> {
  /** The elements that hold the key: the one that is it comes first, then those with ranges around it. */
  readonly find: (key: readonly NftValue[]) => Element | undefined;
}

/** Reads elements once: maps can hold one for each Service or endpoint. */
export function indexElements<Element extends NftElement>(
  elements: Iterable<Element>,
): ElementIndex<Element> {
  const exact = new Map<string, Element>();
  const ranges: Element[] = [];
  for (const element of elements) {
    if (element.key.some(isRangeValue)) ranges.push(element);
    else exact.set(element.key.join(' '), element);
  }
  return {
    find: (key) => exact.get(key.join(' ')) ?? ranges.find((range) => holds(range, key)),
  };
}

function isRangeValue(value: NftValue): boolean {
  return typeof value === 'string' && isRange(value);
}

function holds({ key: parts }: NftElement, key: readonly NftValue[]): boolean {
  return parts.every((part, index) => {
    const value = key[index];
    if (typeof part === 'string' && isRange(part)) return typeof value === 'string' && rangeTest(part)(value);
    return part === value;
  });
}

/** What a packet has where a set or map asks. */
export function fieldOf(field: NftField, { source, destination, protocol, port }: Packet): NftValue {
  switch (field) {
    case 'saddr':
      return source;
    case 'daddr':
      return destination;
    case 'l4proto':
      return protocol;
    case 'dport':
      return port;
  }
}

/** All keys that a packet can ask with: one for each number that can be drawn. */
export function keysOf(key: NftKey, packet: Packet): readonly (readonly NftValue[])[] {
  let keys: readonly (readonly NftValue[])[] = [[]];
  for (const part of key) {
    const values = typeof part === 'string' ? [fieldOf(part, packet)] : numbersBelow(part.modulus);
    keys = keys.flatMap((start) => values.map((value) => [...start, value]));
  }
  return keys;
}

function numbersBelow(limit: number): readonly number[] {
  return Array.from({ length: limit }, (_, number) => number);
}
