import type { IPFamily } from '../../../model/cluster.ts';
import { type Host, isLocal } from '../../packet/host.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { NetworkInterface, Packet } from '../../packet/packet.ts';
import type { NftFamily } from '../family.ts';
import {
  type NamedType,
  readAddresses,
  readCount,
  readNamed,
  readNftMark,
  readNftProtocol,
  readPorts,
} from './values.ts';
import type { Words } from './words.ts';

/** A part of a packet that sets and maps of ours have in their keys, or (from `sport` on) those of others. */
export type NftField =
  | 'saddr'
  | 'daddr'
  | 'l4proto'
  | 'dport'
  | 'sport'
  | 'iifname'
  | 'oifname'
  | 'mark'
  | 'ct-mark'
  | 'ct-state'
  | 'ct-direction'
  | 'nfproto'
  | 'ethertype'
  | 'pkttype'
  | 'original-saddr'
  | 'original-daddr'
  | 'original-dport'
  | 'fib-saddr'
  | 'fib-daddr';

/**
 * One part of the key of an element: an address or CIDR, a protocol, a port or a drawn number; read from a node, also
 * a range of addresses (`10.0.0.1-10.0.0.9`) or ports, the name of an interface, or a word.
 */
export type NftValue = string | number;

/** What values of a field, or drawn numbers, are. */
export type ValueType = 'address' | 'protocol' | 'port' | 'number' | 'interface' | 'mark' | NamedType;

/** Whose ports are meant: `th`, the transport header, stands for any protocol's. */
export type PortOwner = L4Protocol | 'th';

interface FieldLanguage {
  readonly type: ValueType;
  readonly print: (family: NftFamily, owner: PortOwner) => string;
  /** Other spellings of nft. */
  readonly spellings?: (family: NftFamily) => readonly string[];
  /** What a packet has there; undefined: only the node can tell. */
  readonly of: (packet: Packet, host: Host) => NftValue | undefined;
}

const FIELDS: Readonly<Record<NftField, FieldLanguage>> = {
  saddr: { type: 'address', print: (family) => `${family} saddr`, of: ({ source }) => source },
  daddr: { type: 'address', print: (family) => `${family} daddr`, of: ({ destination }) => destination },
  l4proto: {
    type: 'protocol',
    print: () => 'meta l4proto',
    spellings: (family) => [family === 'ip' ? 'ip protocol' : 'ip6 nexthdr'],
    of: ({ protocol }) => protocol,
  },
  dport: { type: 'port', print: (_, owner) => `${owner} dport`, of: ({ port }) => port },
  // Clients take any port.
  sport: { type: 'port', print: (_, owner) => `${owner} sport`, of: () => undefined },
  iifname: {
    type: 'interface',
    print: () => 'iifname',
    spellings: () => ['iif', 'meta iifname', 'meta iif'],
    of: ({ inInterface }) => nameOf(inInterface),
  },
  oifname: {
    type: 'interface',
    print: () => 'oifname',
    spellings: () => ['oif', 'meta oifname', 'meta oif'],
    of: ({ outInterface }) => nameOf(outInterface),
  },
  mark: { type: 'mark', print: () => 'meta mark', of: ({ mark }) => mark },
  'ct-mark': { type: 'mark', print: () => 'ct mark', of: ({ connectionMark = 0 }) => connectionMark },
  'ct-state': {
    type: 'state',
    print: () => 'ct state',
    of: ({ isUntracked }) => (isUntracked === true ? 'untracked' : 'new'),
  },
  'ct-direction': { type: 'direction', print: () => 'ct direction', of: () => 'original' },
  nfproto: {
    type: 'nfproto',
    print: () => 'meta nfproto',
    of: ({ family }) => (family === 'IPv4' ? 'ipv4' : 'ipv6'),
  },
  ethertype: {
    type: 'ethertype',
    print: () => 'meta protocol',
    of: ({ family }) => (family === 'IPv4' ? 'ip' : 'ip6'),
  },
  // Connections are between two machines. The kernel has one number for `host` and `unicast`, which nft prints as the first.
  pkttype: { type: 'pkttype', print: () => 'meta pkttype', of: () => 'host' },
  // Sources are translated last of all.
  'original-saddr': {
    type: 'address',
    print: (family) => `ct original ${family} saddr`,
    spellings: () => ['ct original saddr'],
    of: ({ source }) => source,
  },
  'original-daddr': {
    type: 'address',
    print: (family) => `ct original ${family} daddr`,
    spellings: () => ['ct original daddr'],
    of: ({ original, destination }) => original?.ip ?? destination,
  },
  'original-dport': {
    type: 'port',
    print: () => 'ct original proto-dst',
    of: ({ original, port }) => original?.port ?? port,
  },
  // Connections to and from Services are between hosts: no other type is theirs.
  'fib-saddr': {
    type: 'fib-type',
    print: () => 'fib saddr type',
    of: ({ source }, host) => (isLocal(host, source) ? 'local' : 'unicast'),
  },
  'fib-daddr': {
    type: 'fib-type',
    print: () => 'fib daddr type',
    of: ({ destination }, host) => (isLocal(host, destination) ? 'local' : 'unicast'),
  },
};

function nameOf(each: NetworkInterface): string | undefined {
  return each.kind === 'named' ? each.name : each.kind === 'none' ? '' : undefined;
}

/** @param owner whose ports are meant, if the field is a port */
export function printField(field: NftField, family: NftFamily, owner: PortOwner): string {
  return FIELDS[field].print(family, owner);
}

/** Reads a field that is not of one protocol alone, if that comes next. */
export function takeField(words: Words, family: NftFamily): NftField | undefined {
  const { all, at } = words;
  const known = BY_WORDS[family];
  for (let count = LONGEST; count > 0; count -= 1) {
    const field = known.get(all.slice(at, at + count).join(' '));
    if (field === undefined) continue;
    words.at += count;
    return field;
  }
  return undefined;
}

/** In words: `ct original ip daddr`. */
const LONGEST = 4;

const BY_WORDS = { ip: fieldsByWords('ip'), ip6: fieldsByWords('ip6') } as const;

function fieldsByWords(family: NftFamily): ReadonlyMap<string, NftField> {
  const fields = [
    ...(['saddr', 'daddr', 'l4proto', 'dport', 'sport', 'iifname', 'oifname', 'mark'] as const),
    ...(['ct-mark', 'ct-state', 'ct-direction', 'nfproto', 'ethertype', 'pkttype'] as const),
    ...(['original-saddr', 'original-daddr', 'original-dport', 'fib-saddr', 'fib-daddr'] as const),
  ] satisfies readonly NftField[];
  return new Map(
    fields.flatMap((field) => {
      const { print, spellings } = FIELDS[field];
      return [print(family, 'th'), ...(spellings?.(family) ?? [])].map((words) => [words, field] as const);
    }),
  );
}

/** What a packet has where a set or map asks; undefined: only the node can tell. */
export function fieldOf(field: NftField, packet: Packet, host: Host): NftValue | undefined {
  return FIELDS[field].of(packet, host);
}

export function valueTypeOf(field: NftField): ValueType {
  return FIELDS[field].type;
}

/** How sets and maps declare values of a type; `integer` is only met in JSON: in text such maps are told by example. */
export function typeName(type: ValueType, family: IPFamily): string {
  switch (type) {
    case 'address':
      return family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr';
    case 'protocol':
      return 'inet_proto';
    case 'port':
      return 'inet_service';
    case 'interface':
      return 'ifname';
    case 'mark':
      return 'mark';
    case 'state':
      return 'ct_state';
    case 'status':
      return 'ct_status';
    case 'direction':
      return 'ct_dir';
    case 'nfproto':
      return 'nf_proto';
    case 'ethertype':
      return 'ether_type';
    case 'pkttype':
      return 'pkt_type';
    case 'fib-type':
      return 'fib_addrtype';
    case 'tcp-flags':
      return 'tcp_flag';
    case 'number':
      return 'integer';
  }
}

/** Reads a value of a type as nft lists it. */
export function readValue(word: string, type: ValueType, family: IPFamily): NftValue | undefined {
  switch (type) {
    case 'address':
      return readAddresses(word, family);
    case 'protocol':
      return readNftProtocol(word);
    case 'port':
      return readPorts(word);
    case 'number':
      return readCount(word);
    case 'interface':
      return word.startsWith('"') ? word.slice(1, -1) : undefined;
    case 'mark':
      return readNftMark(word);
    default:
      return readNamed(word, type);
  }
}
