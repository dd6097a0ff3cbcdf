import { bigIntToIP, bitsOf, familyOf, ipToBigInt, parseCIDR } from '../../../model/ip.ts';
import type { NftElement, NftReference } from './element.ts';
import type { NftValue } from './field.ts';

/** Elements as they come back from the kernel, which keeps no order, and joins ranges of addresses that touch. */

export function sortedReference<Element extends NftElement>(
  reference: NftReference<Element>,
): NftReference<Element> {
  return reference.kind === 'named'
    ? reference
    : { ...reference, elements: sortedElements(reference.elements) };
}

export function sortedElements<Element extends NftElement>(elements: readonly Element[]): readonly Element[] {
  const keyed = elements.map((element) => ({ element, key: element.key.map(sortKey).join(' ') }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ element }) => element);
}

/** Numbers in their order. */
function sortKey(value: NftValue): string {
  return typeof value === 'number' ? `${value}`.padStart(10, '0') : value;
}

interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses and CIDRs as nft lists a set of them. */
export function mergedRanges(elements: readonly NftElement[]): readonly NftElement[] {
  const values = elements.flatMap(({ key: [value] }) => (typeof value === 'string' ? value : []));
  const [example] = values;
  if (example === undefined) return elements;
  const family = familyOf(example);
  const merged: Range[] = [];
  for (const range of values
    .map(rangeOf)
    .sort((a, b) => Number(a.first > b.first) - Number(a.first < b.first))) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last + 1n) merged.push(range);
    else if (range.last > before.last) merged.splice(-1, 1, { first: before.first, last: range.last });
  }
  return merged.map((range) => ({ key: [formatRange(range, family)] }));
}

function rangeOf(value: string): Range {
  const dash = value.indexOf('-');
  if (dash >= 0) return { first: ipToBigInt(value.slice(0, dash)), last: ipToBigInt(value.slice(dash + 1)) };
  const cidr = parseCIDR(value);
  const first = ipToBigInt(cidr?.network ?? value);
  if (cidr === undefined) return { first, last: first };
  return { first, last: first + (1n << BigInt(bitsOf(cidr.family) - cidr.prefixLength)) - 1n };
}

function formatRange({ first, last }: Range, family: 'IPv4' | 'IPv6'): string {
  const ip = bigIntToIP(first, family);
  if (first === last) return ip;
  const size = last - first + 1n;
  const isCIDR = (size & (size - 1n)) === 0n && first % size === 0n;
  if (!isCIDR) return `${ip}-${bigIntToIP(last, family)}`;
  return `${ip}/${bitsOf(family) - (size.toString(2).length - 1)}`;
}

/** A CIDR of one address is that address. */
export function withoutHostLength(cidr: string): string {
  return cidr.replace(/^([0-9.]+)\/32$|^([0-9a-f:.]+)\/128$/, '$1$2');
}
