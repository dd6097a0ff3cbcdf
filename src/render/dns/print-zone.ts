import { assertNever } from '../../diagnostic/invariant.ts';
import { domainName, quoteZoneText } from '../../lang/text/quote.ts';
import type { DnsRecord, DnsZone } from './record.ts';

export interface ZoneOptions {
  readonly clusterDomain: string;
  /** Seconds for which answers may be kept, found or not. */
  readonly ttl: number;
}

/** CoreDNS' time to live. */
export const DEFAULT_TTL = 5;

/** RFC 2181, section 8. */
export const MAX_TTL = 999_999_999;

/** CoreDNS' SOA: seconds between refreshes and retries of a secondary server, and until it gives up. */
const TIMERS = { refresh: 7200, retry: 1800, expire: 86400 };

/**
 * Prints a zone as an RFC 1035 master file, in chunks. Its name server is `localhost.`: whichever server loads it. The
 * serial is a hash of the content.
 */
export function* printZone(zone: DnsZone, { clusterDomain, ttl }: ZoneOptions): Generator<string> {
  const origin = domainName(zone.origin);
  const suffix = `.${zone.origin}`;
  const lines = function* (): Generator<string> {
    for (const record of zone.records) yield recordLine(record, suffix);
  };
  const mailbox = `hostmaster.${domainName(clusterDomain)}.`;
  const { refresh, retry, expire } = TIMERS;
  const head = `$ORIGIN ${origin}.\n$TTL ${ttl}\n`;
  const serial = zoneSerial(prepend(head + mailbox, lines()));
  yield `${head}@ IN SOA localhost. ${mailbox} ${serial} ${refresh} ${retry} ${expire} ${ttl}\n@ IN NS localhost.\n`;
  yield* lines();
}

function* prepend(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

function recordLine(record: DnsRecord, suffix: string): string {
  const owner = record.name.endsWith(suffix) ? record.name.slice(0, -suffix.length) : `${record.name}.`;
  return `${domainName(owner)} IN ${record.type} ${dataOf(record)}\n`;
}

function dataOf(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return record.address;
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${domainName(record.target)}.`;
    case 'CNAME':
    case 'PTR':
      return `${domainName(record.target)}.`;
    case 'TXT':
      return quoteZoneText(record.text);
    default:
      return assertNever(record);
  }
}

/**
 * The serial of a zone: the FNV-1a hash of its text, 32 bits, never 0. Equal zones have equal serials on every
 * machine, others almost surely not. It tells versions apart, not which is newer.
 */
export function zoneSerial(lines: Iterable<string>): number {
  let hash = 0x811c9dc5;
  for (const line of lines) {
    for (let index = 0; index < line.length; index += 1) {
      hash = Math.imul(hash ^ line.charCodeAt(index), 0x01000193);
    }
  }
  return hash >>> 0 || 1;
}
