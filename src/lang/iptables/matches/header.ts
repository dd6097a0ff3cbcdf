import { bitsOf, familyOf, ipToBigInt, parseCIDR, parseIP } from '../../../model/ip.ts';
import { cidrTest } from '../../packet/cidr-test.ts';
import { isInterface } from '../../packet/holds.ts';
import { type L4Protocol, l4Protocol } from '../../packet/l4-protocol.ts';
import { not } from '../quoting.ts';
import { type HeaderReader, type MatchFamily, type MatchKind, type Negatable, test } from './match-kind.ts';

/** `-s`, `-d`: the address is in a CIDR. */
interface AddressMatch extends Negatable {
  readonly kind: 'source' | 'destination';
  readonly cidr: string;
}

const SOURCE: MatchKind<AddressMatch> = {
  print: (match, { word }) => `${not(match)} -s ${word(match.cidr)}`,
  asks: ({ cidr }) => {
    const holds = cidrTest(cidr);
    return test(({ source }) => holds(source));
  },
  headerPlace: 0,
  holdsAlways: isAnyAddress,
  isExact: () => true,
};

const DESTINATION: MatchKind<AddressMatch> = {
  print: (match, { word }) => `${not(match)} -d ${word(match.cidr)}`,
  asks: ({ cidr }) => {
    const holds = cidrTest(cidr);
    return test(({ destination }) => holds(destination));
  },
  headerPlace: 1,
  holdsAlways: isAnyAddress,
  isExact: () => true,
};

function isAnyAddress({ cidr, negated }: AddressMatch): boolean {
  return negated !== true && cidr.endsWith('/0');
}

function addressReader(kind: AddressMatch['kind']): HeaderReader<AddressMatch> {
  return (value, negation) => {
    const cidr = canonicalCIDR(value);
    if (cidr === undefined) return undefined;
    const match = { kind, cidr, ...negation };
    return isAnyAddress(match) ? 'always' : match;
  };
}

/** `10.0.0.1`, `10.0.0.0/8` and `10.0.0.0/255.0.0.0`, with a prefix length. */
function canonicalCIDR(value: string): string | undefined {
  const slash = value.indexOf('/');
  const text = slash < 0 ? value : value.slice(0, slash);
  const host = parseIP(text);
  if (host === undefined || host.family !== familyOf(text)) return undefined;
  const bits = bitsOf(host.family);
  const length = slash < 0 ? `${bits}` : value.slice(slash + 1);
  if (length === `${bits}`) return `${host.ip}/${bits}`;
  return parseCIDR(`${host.ip}/${/[.:]/.test(length) ? maskLength(length) : length}`)?.cidr;
}

/** How many bits a mask sets; undefined: it is none, or one with gaps. */
function maskLength(text: string): number | undefined {
  const mask = parseIP(text);
  if (mask === undefined) return undefined;
  const bits = ipToBigInt(mask.ip).toString(2).padStart(bitsOf(mask.family), '0');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : undefined;
}

/** `-i`, `-o`. A trailing `+` stands for any rest of the name. */
interface InterfaceMatch extends Negatable {
  readonly kind: 'in-interface' | 'out-interface';
  readonly name: string;
}

const IN_INTERFACE: MatchKind<InterfaceMatch> = {
  print: (match, { word }) => `${not(match)} -i ${word(match.name)}`,
  asks: ({ name }) => test((packet) => isInterface([name], 'in-interface', packet)),
  headerPlace: 2,
};

const OUT_INTERFACE: MatchKind<InterfaceMatch> = {
  print: (match, { word }) => `${not(match)} -o ${word(match.name)}`,
  asks: ({ name }) => test((packet) => isInterface([name], 'out-interface', packet)),
  headerPlace: 3,
};

function interfaceReader(kind: InterfaceMatch['kind']): HeaderReader<InterfaceMatch> {
  return (name, negation) => ({ kind, name, ...negation });
}

/** `-p`, of a protocol that Services can have. */
interface ProtocolMatch extends Negatable {
  readonly kind: 'protocol';
  readonly protocol: L4Protocol;
}

/** `-p`, of one that no Service has: `icmp`, `50`. */
interface OtherProtocolMatch extends Negatable {
  readonly kind: 'other-protocol';
  readonly name: string;
}

const PROTOCOL: MatchKind<ProtocolMatch> = {
  print: (match) => `${not(match)} -p ${match.protocol}`,
  asks: (match) => test(({ protocol }) => protocol === match.protocol),
  headerPlace: 4,
  isExact: () => true,
};

const OTHER_PROTOCOL: MatchKind<OtherProtocolMatch> = {
  print: (match, { word }) => `${not(match)} -p ${word(match.name)}`,
  asks: () => test(() => false),
  headerPlace: 4,
};

const readProtocol: HeaderReader<ProtocolMatch | OtherProtocolMatch> = (value, negation) => {
  if (value === 'all' || value === '0') return 'always';
  const protocol = l4Protocol(value);
  return protocol === undefined
    ? { kind: 'other-protocol', name: value, ...negation }
    : { kind: 'protocol', protocol, ...negation };
};

/** What a rule's header asks of addresses, interfaces and protocols. */
export type HeaderMatch = AddressMatch | InterfaceMatch | ProtocolMatch | OtherProtocolMatch;

/** The same, with all that is known of each. */
export const HEADER_MATCHES: MatchFamily<HeaderMatch> = {
  kinds: {
    source: SOURCE,
    destination: DESTINATION,
    'in-interface': IN_INTERFACE,
    'out-interface': OUT_INTERFACE,
    protocol: PROTOCOL,
    'other-protocol': OTHER_PROTOCOL,
  },
  options: {
    '-s': addressReader('source'),
    '-d': addressReader('destination'),
    '-i': interfaceReader('in-interface'),
    '-o': interfaceReader('out-interface'),
    '-p': readProtocol,
  },
};
