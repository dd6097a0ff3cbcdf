import { reverseName } from './domain-names.ts';
import type { DnsRecord, DnsZone } from './record.ts';
import type { NamedAddress } from './service-records.ts';

/** PTR records in zones of a /24 or /64 each, both in order of addresses; IPv4 before IPv6. */
export function reverseZones(addresses: Iterable<NamedAddress>): readonly DnsZone[] {
  const entries = new Map<
    string,
    { readonly key: string; readonly zone: string; readonly record: DnsRecord }
  >();
  for (const { address, name: target } of addresses) {
    const { zone, name, key } = reverseName(address);
    entries.set(`${key} ${target}`, { key: `${key} ${target}`, zone, record: { name, type: 'PTR', target } });
  }
  const sorted = [...entries.values()].sort(byFamilyAndKey);
  const zones = new Map<string, DnsRecord[]>();
  for (const { zone, record } of sorted) {
    const records = zones.get(zone);
    if (records === undefined) zones.set(zone, [record]);
    else records.push(record);
  }
  return [...zones].map(([origin, records]) => ({ origin, records }));
}

interface Sortable {
  readonly key: string;
  readonly zone: string;
}

function byFamilyAndKey(a: Sortable, b: Sortable): number {
  const [isA6, isB6] = [a.zone.endsWith('ip6.arpa'), b.zone.endsWith('ip6.arpa')];
  if (isA6 !== isB6) return isA6 ? 1 : -1;
  return a.key < b.key ? -1 : 1;
}
