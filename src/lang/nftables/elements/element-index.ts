import { isRange, rangeTest } from '../../packet/cidr-test.ts';
import type { NftElement } from './element.ts';
import type { NftValue } from './field.ts';

/** Elements of a set or map, to be found by what a packet has. */
export interface ElementIndex<Element extends NftElement> {
  /** The element with this key, or else the first that has a range around it. */
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
