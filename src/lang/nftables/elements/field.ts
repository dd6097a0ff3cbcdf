import type { IPFamily } from '../../../model/cluster.ts';
import type { L4Protocol } from '../../packet/l4-protocol.ts';
import type { Packet } from '../../packet/packet.ts';
import type { NftFamily } from '../family.ts';
import { readAddresses, readCount, readNftProtocol, readPort } from './values.ts';
import type { Words } from './words.ts';

/** A part of a packet that sets and maps have in their keys. */
export type NftField = 'saddr' | 'daddr' | 'l4proto' | 'dport';

/**
 * One part of the key of an element: an address or CIDR, a protocol, a port or a drawn number; read from a node, also
 * a range of addresses (`10.0.0.1-10.0.0.9`).
 */
export type NftValue = string | number;

/** What values of a field, or drawn numbers, are. */
export type ValueType = 'address' | 'protocol' | 'port' | 'number';

/** Whose ports are meant: `th`, the transport header, stands for any protocol's. */
export type PortOwner = L4Protocol | 'th';

interface FieldLanguage {
  readonly type: ValueType;
  readonly print: (family: NftFamily, owner: PortOwner) => string;
  /** What a packet has there. */
  readonly of: (packet: Packet) => NftValue;
}

const FIELDS: Readonly<Record<NftField, FieldLanguage>> = {
  saddr: { type: 'address', print: (family) => `${family} saddr`, of: ({ source }) => source },
  daddr: { type: 'address', print: (family) => `${family} daddr`, of: ({ destination }) => destination },
  l4proto: { type: 'protocol', print: () => 'meta l4proto', of: ({ protocol }) => protocol },
  dport: { type: 'port', print: (_, owner) => `${owner} dport`, of: ({ port }) => port },
};

/** @param owner whose ports are meant, if the field is a port */
export function printField(field: NftField, family: NftFamily, owner: PortOwner): string {
  return FIELDS[field].print(family, owner);
}

/** Reads a field that is not of one protocol alone, if that comes next. */
export function takeField(words: Words, family: NftFamily): NftField | undefined {
  const { all, at } = words;
  const field = BY_WORDS[family].get(`${all[at]} ${all[at + 1]}`);
  if (field !== undefined) words.at += 2;
  return field;
}

const BY_WORDS = { ip: fieldsByWords('ip'), ip6: fieldsByWords('ip6') } as const;

function fieldsByWords(family: NftFamily): ReadonlyMap<string, NftField> {
  const fields = ['saddr', 'daddr', 'l4proto', 'dport'] as const satisfies readonly NftField[];
  return new Map(fields.map((field) => [printField(field, family, 'th'), field]));
}

/** What a packet has where a set or map asks. */
export function fieldOf(field: NftField, packet: Packet): NftValue {
  return FIELDS[field].of(packet);
}

export function valueTypeOf(field: NftField): ValueType {
  return FIELDS[field].type;
}

/** How sets and maps declare values of a type; drawn numbers have no such name. */
export function typeName(type: ValueType, family: IPFamily): string | undefined {
  switch (type) {
    case 'address':
      return family === 'IPv4' ? 'ipv4_addr' : 'ipv6_addr';
    case 'protocol':
      return 'inet_proto';
    case 'port':
      return 'inet_service';
    case 'number':
      return undefined;
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
      return readPort(word);
    case 'number':
      return readCount(word);
  }
}
