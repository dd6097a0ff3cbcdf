import { cidrTest } from '../../packet/cidr-test.ts';
import { type Holds, isInterface, unknownMatch } from '../../packet/holds.ts';
import type { Host } from '../../packet/host.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import { nftWord } from '../../text/quote.ts';
import { mergedRanges, sortedElements, withoutHostLength } from '../elements/canonical.ts';
import {
  type NftElement,
  type NftReference,
  printElement,
  printReference,
  takeElement,
  takeReference,
} from '../elements/element.ts';
import type { ElementIndex } from '../elements/element-index.ts';
import { fieldOf, type NftField } from '../elements/field.ts';
import { fieldsOf, printKey, takeKey, takeValues, typesOf } from '../elements/key.ts';
import { readPort } from '../elements/values.ts';
import { nextWord, takeAs, type Words } from '../elements/words.ts';
import { FAMILIES } from '../family.ts';
import { type NftMatchKind, printNot, type TakeMatch, takeNot, testing } from './expression.ts';
import { interfacePattern } from './meta.ts';

/** Fields of a packet, compared with values. nft writes all of these alike, so they are read together. */

/** An address, or a CIDR. */
export interface NftAddressMatch {
  readonly kind: 'address';
  readonly field: 'saddr' | 'daddr';
  readonly cidr: string;
  readonly negated?: boolean;
}

/** Keys of an anonymous set may hold CIDRs. */
export interface InSetMatch {
  readonly kind: 'in-set';
  readonly fields: readonly NftField[];
  readonly set: NftReference<NftElement>;
  readonly negated?: boolean;
}

export interface NftProtocolMatch {
  readonly kind: 'l4proto';
  readonly protocol: L4Protocol;
}

/** Of this protocol, to this port. */
export interface NftPortMatch {
  readonly kind: 'dport';
  readonly protocol: L4Protocol;
  readonly port: number;
}

type Comparison = NftAddressMatch | InSetMatch | NftProtocolMatch | NftPortMatch;

export const NFT_ADDRESS: NftMatchKind<NftAddressMatch, Comparison> = {
  print: (match, family) => `${family} ${match.field} ${printNot(match)}${nftWord(match.cidr)}`,
  canonical: (match) => ({ ...match, cidr: withoutHostLength(match.cidr) }),
  prepare: ({ field, cidr }, { host }) => {
    const test = cidrTest(cidr);
    return testing((packet) => test(`${fieldOf(field, packet, host)}`));
  },
};

export const IN_SET: NftMatchKind<InSetMatch, Comparison> = {
  print: (match, family) =>
    `${printKey(match.fields, family)} ${printNot(match)}${printReference(match.set, printElement)}`,
  take: takeComparison,
  canonical: canonicalSet,
  prepare: (match, { sets, host }) => {
    const { set } = match;
    const seconds = sets.timeoutOf(set);
    if (seconds !== undefined) return { kind: 'remembered', seconds };
    const index = sets.setOf(set);
    return testing((packet) => isIn(match, packet, { index, host }));
  },
};

/** Whether a set holds what a packet has. Interfaces are asked for by name, and for all that is open beside, by the match. */
function isIn(
  match: InSetMatch,
  packet: Packet,
  { index, host }: { readonly index: ElementIndex<NftElement>; readonly host: Host },
): Holds {
  const key = match.fields.map((field) => fieldOf(field, packet, host));
  if (key.every((part) => part !== undefined)) return index.find(key) !== undefined;
  const possible = index.possible(key);
  if (possible.length === 0) return false;
  const open = match.fields.flatMap((field, place) => (key[place] === undefined ? { field, place } : []));
  const [only, ...others] = open;
  if (only !== undefined && others.length === 0 && (only.field === 'iifname' || only.field === 'oifname')) {
    const patterns = possible.map(({ key: parts }) => interfacePattern(`${parts[only.place]}`));
    return isInterface(patterns, only.field === 'iifname' ? 'in-interface' : 'out-interface', packet);
  }
  return unknownMatch(IN_SET.print({ ...match, negated: false }, FAMILIES[packet.family]), packet);
}

export const L4PROTO: NftMatchKind<NftProtocolMatch, Comparison> = {
  print: ({ protocol }) => `meta l4proto ${protocol}`,
  prepare: ({ protocol: wanted }) => testing(({ protocol }) => protocol === wanted),
};

export const NFT_PORT: NftMatchKind<NftPortMatch, Comparison> = {
  print: ({ protocol, port }) => `${protocol} dport ${port}`,
  prepare: (match) => testing(({ protocol, port }) => protocol === match.protocol && port === match.port),
};

/** A set of one address, or of ranges that join to one CIDR, is a comparison with that. */
function canonicalSet(match: InSetMatch): Comparison {
  const [field, ...more] = match.fields;
  if (match.set.kind === 'named') return match;
  const isAddress = more.length === 0 && (field === 'saddr' || field === 'daddr');
  const elements = isAddress ? mergedRanges(match.set.elements) : sortedElements(match.set.elements);
  const [only, ...others] = elements;
  const value = only?.key[0];
  const negated = match.negated === true ? { negated: true } : {};
  if (isAddress && typeof value === 'string' && others.length === 0 && !value.includes('-'))
    return { kind: 'address', field, cidr: value, ...negated };
  return { ...match, set: { kind: 'anonymous', elements } };
}

/** What follows the fields is a set, or a value. A protocol's own port asks for the protocol first. */
function takeComparison(
  ...[words, scope]: Parameters<TakeMatch<Comparison>>
): readonly Comparison[] | undefined {
  const key = takeKey(words, scope.family);
  const fields = key === undefined ? undefined : fieldsOf(key.parts);
  if (key === undefined || fields === undefined) return undefined;
  const { protocol } = key;
  const isOfFib = fields[0] === 'fib-saddr' || fields[0] === 'fib-daddr';
  if (nextWord(words) === 'vmap' || (isOfFib && fields.length === 1)) return undefined;
  const limit = takeLimit(words, fields);
  if (limit !== undefined) return ofProtocol(protocol, limit);
  const not = takeNot(words);
  const types = typesOf(fields);
  const set = takeReference<NftElement>(
    words,
    (each) => takeElement(each, { types, family: scope.family }),
    (name) => scope.valuesOf(name) === 'none',
  );
  if (set !== undefined) return ofProtocol(protocol, { kind: 'in-set', fields, set, ...not });
  const values = takeValues(words, types, scope.family);
  const isList = nextWord(words) === ',';
  if (values === undefined || isList) return undefined;
  return compared({ fields, key: values, protocol, not });
}

/** `>= 1024`: a range up to the last port. */
function takeLimit(words: Words, fields: readonly NftField[]): InSetMatch | undefined {
  const [field, ...more] = fields;
  const range = LIMITS.get(nextWord(words) ?? '');
  if (range === undefined || more.length > 0 || (field !== 'dport' && field !== 'sport')) return undefined;
  words.at += 1;
  const port = takeAs(words, readPort);
  if (port === undefined) return undefined;
  return { kind: 'in-set', fields: [field], set: { kind: 'anonymous', elements: [{ key: [range(port)] }] } };
}

const LIMITS: ReadonlyMap<string, (port: number) => string> = new Map([
  ['>=', (port) => `${port}-65535`],
  ['>', (port) => `${port + 1}-65535`],
  ['<=', (port) => `0-${port}`],
  ['<', (port) => `0-${port - 1}`],
]);

interface Compared {
  readonly fields: readonly NftField[];
  readonly key: NftElement['key'];
  readonly protocol: L4Protocol | undefined;
  readonly not: { readonly negated?: true };
}

function compared({ fields, key, protocol, not }: Compared): readonly Comparison[] | undefined {
  const [field, ...more] = fields;
  const [value] = key;
  const isNegated = not.negated === true;
  if (more.length === 0 && field !== undefined && HAVE_KINDS.has(field)) return undefined;
  if (more.length === 0 && typeof value === 'string') {
    if (field === 'saddr' || field === 'daddr') {
      if (!value.includes('-')) return [{ kind: 'address', field, cidr: value, ...not }];
    } else if (field === 'l4proto' && !isNegated && isL4(value))
      return [{ kind: 'l4proto', protocol: value }];
  }
  if (
    field === 'dport' &&
    more.length === 0 &&
    typeof value === 'number' &&
    protocol !== undefined &&
    !isNegated
  )
    return [{ kind: 'dport', protocol, port: value }];
  const set: NftReference<NftElement> = { kind: 'anonymous', elements: [{ key }] };
  return ofProtocol(protocol, { kind: 'in-set', fields, set, ...not });
}

/** What a single value of theirs is compared with, other kinds of matches read. */
const HAVE_KINDS: ReadonlySet<NftField> = new Set(['iifname', 'oifname', 'mark', 'ct-mark', 'ct-state']);

function ofProtocol(protocol: L4Protocol | undefined, match: Comparison): readonly Comparison[] {
  return protocol === undefined ? [match] : [{ kind: 'l4proto', protocol }, match];
}

function isL4(protocol: string): protocol is L4Protocol {
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp';
}
