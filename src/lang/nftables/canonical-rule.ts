import { bigIntToIP, bitsOf, familyOf, ipToBigInt, parseCIDR } from '../../model/ip.ts';
import type {
  NftDestination,
  NftElement,
  NftMatch,
  NftReference,
  NftRule,
  NftStatement,
  NftValue,
} from './ruleset.ts';

/**
 * A rule as it comes back from the kernel, whatever nft has made of it on the way: sets of one element become the element,
 * ranges of addresses that touch become one, and elements are sorted, since the kernel keeps no order.
 */
export function canonicalRule(rule: NftRule): NftRule {
  const statements = rule.statements.map(canonicalStatement);
  const asked = protocolsOf(statements);
  // nft asks for the protocol of a port by itself, and does not print that.
  const matches = rule.matches.filter((match) => match.kind !== 'l4proto' || !asked.has(match.protocol));
  return { ...rule, matches: matches.map(canonicalMatch), statements };
}

function protocolsOf(statements: readonly NftStatement[]): ReadonlySet<string> {
  const protocols = statements.flatMap((each) =>
    each.kind === 'dnat' && each.to.kind === 'map' ? (each.to.protocol ?? []) : [],
  );
  return new Set(protocols);
}

function canonicalMatch(match: NftMatch): NftMatch {
  switch (match.kind) {
    case 'address':
      return { ...match, cidr: withoutHostLength(match.cidr) };
    case 'ct-state':
      return { ...match, states: [...match.states].sort() };
    case 'in-set': {
      const [field, ...more] = match.fields;
      if (match.set.kind === 'named') return match;
      const isAddress = more.length === 0 && (field === 'saddr' || field === 'daddr');
      const elements = isAddress ? mergedRanges(match.set.elements) : sorted(match.set.elements);
      const [only, ...others] = elements;
      const value = only?.key[0];
      const negated = match.negated === true ? { negated: true } : {};
      if (isAddress && typeof value === 'string' && others.length === 0 && !value.includes('-'))
        return { kind: 'address', field, cidr: value, ...negated };
      return { ...match, set: { kind: 'anonymous', elements } };
    }
    default:
      return match;
  }
}

function canonicalStatement(statement: NftStatement): NftStatement {
  if (statement.kind === 'vmap') return { ...statement, map: sortedReference(statement.map) };
  if (statement.kind !== 'dnat') return statement;
  const { to } = statement;
  if (to.kind === 'constant') return { kind: 'dnat', to: { kind: 'constant', to: plainDestination(to.to) } };
  const map = sortedReference(to.map);
  if (map.kind === 'named') return statement;
  const elements = map.elements.map((each) => ({ ...each, to: plainDestination(each.to) }));
  return { kind: 'dnat', to: { ...to, map: { kind: 'anonymous', elements } } };
}

/** Builders give whole endpoints. */
function plainDestination({ ip, port }: NftDestination): NftDestination {
  return { ip, port };
}

function sortedReference<Element extends NftElement>(
  reference: NftReference<Element>,
): NftReference<Element> {
  return reference.kind === 'named' ? reference : { ...reference, elements: sorted(reference.elements) };
}

function sorted<Element extends NftElement>(elements: readonly Element[]): readonly Element[] {
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
function mergedRanges(elements: readonly NftElement[]): readonly NftElement[] {
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

function withoutHostLength(cidr: string): string {
  return cidr.replace(/^([0-9.]+)\/32$|^([0-9a-f:.]+)\/128$/, '$1$2');
}
