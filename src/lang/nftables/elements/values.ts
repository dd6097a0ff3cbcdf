import type { IPFamily } from '../../../model/cluster.ts';
import { parseCIDR, parseIP } from '../../../model/ip.ts';
import { l4Protocol } from '../../packet/l4-protocol.ts';

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

/** Names of ports stand for other numbers on each machine. */
export function readPort(word: string): number | undefined {
  const port = readCount(word);
  return port === undefined || port > MAX_PORT ? undefined : port;
}

/** A port, or a range of them: `30000-32767`. */
export function readPorts(word: string): number | string | undefined {
  const [first = '', last, ...more] = word.split('-');
  if (last === undefined) return readPort(first);
  const [low, high] = [readPort(first), readPort(last)];
  return low === undefined || high === undefined || more.length > 0 ? undefined : `${low}-${high}`;
}

/** `established`, `multicast`. */
export function readWord(word: string): string | undefined {
  return /^[a-z0-9_]+$/.test(word) ? word : undefined;
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
