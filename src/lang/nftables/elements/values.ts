import type { IPFamily } from '../../../model/cluster.ts';
import { parseCIDR, parseIP } from '../../../model/ip.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';
import { namedPort } from '../../packet/port-names.ts';

/** Values as nft prints them. */

/** An address of a family, canonical. */
export function readAddress(word: string, family: IPFamily): string | undefined {
  const parsed = parseIP(word);
  return parsed?.family === family ? parsed.ip : undefined;
}

/** An address, CIDR or range of addresses, canonical. */
export function readAddresses(word: string, family: IPFamily): string | undefined {
  if (word.includes('/')) {
    const parsed = parseCIDR(word);
    return parsed?.family === family ? parsed.cidr : undefined;
  }
  const dash = word.indexOf('-');
  if (dash < 0) return readAddress(word, family);
  const first = readAddress(word.slice(0, dash), family);
  const last = readAddress(word.slice(dash + 1), family);
  return first === undefined || last === undefined ? undefined : `${first}-${last}`;
}

/** A protocol; those that no Service has keep their name. */
export function readNftProtocol(word: string): string | undefined {
  return l4Protocol(word) ?? (/^[a-z0-9-]+$/.test(word) ? word : undefined);
}

const MAX_PORT = 65_535;

/** A number, or a name as `nft -S` prints it: `"https"`. */
export function readPort(word: string): number | undefined {
  const port = readCount(word) ?? namedPort(word.replace(/^"(.*)"$/, '$1'));
  return port === undefined || port > MAX_PORT ? undefined : port;
}

/** A port, or a range of them: `30000-32767`. */
export function readPorts(word: string): number | string | undefined {
  const port = readPort(word);
  if (port !== undefined) return port;
  const [first = '', last = '', ...more] = word.split('-');
  const [low, high] = [readPort(first), readPort(last)];
  return low === undefined || high === undefined || more.length > 0 ? undefined : `${low}-${high}`;
}

/**
 * Values that have names, by the numbers that `nft -n` prints in their place: as nft's data types have them
 * (`nft describe ct_state`), which are the kernel's.
 */
const NAMES_BY_NUMBER = {
  state: { 1: 'invalid', 2: 'established', 4: 'related', 8: 'new', 64: 'untracked' },
  status: {
    1: 'expected',
    2: 'seen-reply',
    4: 'assured',
    8: 'confirmed',
    16: 'snat',
    32: 'dnat',
    512: 'dying',
  },
  'tcp-flags': {
    1: 'fin',
    2: 'syn',
    4: 'rst',
    8: 'psh',
    16: 'ack',
    32: 'urg',
    64: 'ecn',
    128: 'cwr',
  },
  direction: { 0: 'original', 1: 'reply' },
  nfproto: { 2: 'ipv4', 10: 'ipv6' },
  ethertype: { 2048: 'ip', 2054: 'arp', 34525: 'ip6' },
  pkttype: { 0: 'host', 1: 'broadcast', 2: 'multicast', 3: 'other' },
  'fib-type': {
    1: 'unicast',
    2: 'local',
    3: 'broadcast',
    4: 'anycast',
    5: 'multicast',
    6: 'blackhole',
    7: 'unreachable',
    8: 'prohibit',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<number, string>>>>;

/** What a value with a name is of. */
export type NamedType = keyof typeof NAMES_BY_NUMBER;

interface Names {
  readonly byNumber: ReadonlyMap<number, string>;
  readonly numbers: ReadonlyMap<string, number>;
}

const NAMES: ReadonlyMap<string, Names> = new Map(
  Object.entries(NAMES_BY_NUMBER).map(([type, names]) => {
    const pairs = Object.entries(names).map(([number, name]) => [Number(number), name] as const);
    const numbers = new Map(pairs.map(([number, name]) => [name, number]));
    return [type, { byNumber: new Map(pairs), numbers }];
  }),
);

/** `established`, `multicast`; or the number that stands for it: `0x2`. */
export function readNamed(word: string, type: NamedType): string | undefined {
  const number = readNftMark(word);
  if (number !== undefined) return NAMES.get(type)?.byNumber.get(number);
  return /^[a-z0-9_-]+$/.test(word) ? word : undefined;
}

/** The bits that a name or number stands for. */
export function numberOfName(word: string, type: NamedType): number | undefined {
  return readNftMark(word) ?? NAMES.get(type)?.numbers.get(word);
}

/** A number from 0, decimal. */
export function readCount(word: string): number | undefined {
  return /^\d{1,10}$/.test(word) ? Number(word) : undefined;
}

const MAX_MARK = 0xffff_ffff;

/** 32 bits: `0x00004000`. */
export function readNftMark(word: string): number | undefined {
  const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/.test(word) ? Number(word) : MAX_MARK + 1;
  return value > MAX_MARK ? undefined : value;
}

const DURATION = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:\d+ms)?$/;
const SECONDS = [86_400, 3600, 60, 1] as const;

/** `1d2h5m7s`, in seconds. */
export function readNftDuration(word: string): number | undefined {
  const found = word === '' ? null : DURATION.exec(word);
  if (found === null) return undefined;
  return SECONDS.reduce((sum, unit, index) => sum + unit * Number(found[index + 1] ?? 0), 0);
}
