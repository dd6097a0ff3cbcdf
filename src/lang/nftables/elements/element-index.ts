import { familyOf, ipToBigInt } from '../../../model/ip.ts';
import { isRange, rangeBounds, rangeTest } from '../../packet/cidr-test.ts';
import type { NftElement, UnreadElements } from './element.ts';
import type { NftValue } from './field.ts';

/** Elements of a set or map, to be found by what a packet has. */
export interface ElementIndex<Element extends NftElement> {
  /** The element with this key, or else the first that has a range around it. */
  readonly find: (key: readonly NftValue[]) => Element | undefined;
  /** Those that can have a key of which some parts are not known: these are undefined. */
  readonly possible: (key: readonly (NftValue | undefined)[]) => readonly Element[];
}

/** The same where nearly all are found by their text, and read when somebody asks for them. */
export function indexUnread<Element extends NftElement>(
  all: Iterable<Element>,
  unread: () => UnreadElements<Element>,
): ElementIndex<Element> {
  let known: { readonly found: UnreadElements<Element>; readonly others: ElementIndex<Element> } | undefined;
  let whole: ElementIndex<Element> | undefined;
  return {
    find: (key) => {
      if (known === undefined) {
        const found = unread();
        known = { found, others: indexElements(found.others) };
      }
      return known.found.find(key.join(' . ')) ?? known.others.find(key);
    },
    possible: (key) => {
      whole ??= indexElements(all);
      return whole.possible(key);
    },
  };
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
  // Thousands of rules may look the same packet up in a set of many ranges.
  const found = new Map<string, Element | undefined>();
  let search: FindByAddress<Element> | 'one by one' | undefined;
  const findRange = (name: string, key: readonly NftValue[]): Element | undefined => {
    if (found.has(name)) return found.get(name);
    search ??= addressSearch(ranges) ?? 'one by one';
    const range = search === 'one by one' ? ranges.find((each) => holds(each, key)) : search(key[0]);
    found.set(name, range);
    return range;
  };
  return {
    find: (key) => {
      const name = key.join(' ');
      return exact.get(name) ?? (ranges.length === 0 ? undefined : findRange(name, key));
    },
    possible: (key) => [...exact.values(), ...ranges].filter((each) => holds(each, key)),
  };
}

type FindByAddress<Element> = (value: NftValue | undefined) => Element | undefined;

/**
 * Finds ranges of addresses by halving: lists of what is to be blocked have thousands. @returns undefined when some are
 * of something else, or overlap
 */
function addressSearch<Element extends NftElement>(
  elements: readonly Element[],
): FindByAddress<Element> | undefined {
  const keys = elements.flatMap(({ key }) => (key.length === 1 ? key : []));
  const texts = keys.filter((key) => typeof key === 'string').filter(isAddressRange);
  const isIPv6 = texts[0]?.includes(':') === true;
  if (texts.length < elements.length || texts.some((text) => text.includes(':') !== isIPv6)) return undefined;
  const sorted = elements
    .map((element, index) => ({ element, bounds: rangeBounds(texts[index] ?? '') }))
    .sort((a, b) => (a.bounds[0] < b.bounds[0] ? -1 : 1));
  if (sorted.some(({ bounds: [first] }, index) => first <= (sorted[index - 1]?.bounds[1] ?? -1n)))
    return undefined;
  return (value) => {
    if (typeof value !== 'string' || (familyOf(value) === 'IPv6') !== isIPv6) return undefined;
    const address = ipToBigInt(value);
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.bounds[0] ?? 0n) <= address) low = middle + 1;
      else high = middle;
    }
    const last = sorted[low - 1];
    return last !== undefined && address <= last.bounds[1] ? last.element : undefined;
  };
}

/** Names of interfaces can look like ranges: `be-ca`. */
function isAddressRange(text: string): boolean {
  return /[.:]/.test(text) && isRange(text);
}

/** `10.0.0.0/8`, `10.0.0.1-10.0.0.9`, `30000-32767`, and the first letters of interfaces: `cni*`. */
function isRangeValue(value: NftValue): boolean {
  return typeof value === 'string' && (isRange(value) || value.endsWith('*'));
}

const PORTS = /^(\d+)-(\d+)$/;

function holds({ key: parts }: NftElement, key: readonly (NftValue | undefined)[]): boolean {
  return parts.every((part, index) => {
    const value = key[index];
    return value === undefined || part === value || isInRange(part, value);
  });
}

function isInRange(range: NftValue, value: NftValue): boolean {
  if (typeof range !== 'string') return false;
  if (typeof value === 'number') {
    const [, first, last] = PORTS.exec(range) ?? [];
    return first !== undefined && Number(first) <= value && value <= Number(last);
  }
  if (range.endsWith('*')) return value.startsWith(range.slice(0, -1));
  return isAddressRange(range) && rangeTest(range)(value);
}
