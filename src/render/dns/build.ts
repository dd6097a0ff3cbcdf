import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { isHeadless } from '../../kubernetes/services.ts';
import type { Cluster, EndpointSlice, Pod, Service } from '../../model/cluster.ts';
import { diagnoseExternalNames, longName, sharedLabel } from './diagnose-names.ts';
import { addressLabel, fitsDNS, reverseName } from './domain-names.ts';
import { addressRecord, type DnsRecord, type DnsZone } from './record.ts';
import { type NamedAddress, serviceRecords } from './service-records.ts';

export interface DnsSource {
  /** As `parseClusterDomain` gives it. */
  readonly clusterDomain: string;
  /** Finds the EndpointSlices of a Service; asked for headless ones. */
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
}

/** Everything that a cluster's DNS answers. */
export interface DnsRecords {
  readonly forward: DnsZone;
  readonly reverse: readonly DnsZone[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The version of the DNS schema that the records follow. */
const SCHEMA_VERSION = '1.1.0';

const NONE: readonly EndpointSlice[] = [];

/**
 * The records of a cluster by the specification of Kubernetes (kubernetes/dns, 1.1.0), in order of Services. Services
 * must have their addresses: run it on what `allocate` gives. Names that do not fit into DNS are left out.
 */
export function buildDns(cluster: Cluster, { clusterDomain, slicesOf }: DnsSource): DnsRecords {
  const diagnostics: Diagnostic[] = [...diagnoseExternalNames(cluster.services, clusterDomain)];
  const records: DnsRecord[] = [{ name: `dns-version.${clusterDomain}`, type: 'TXT', text: SCHEMA_VERSION }];
  const addresses: NamedAddress[] = [];
  for (const service of cluster.services) {
    const name = `${service.name}.${service.namespace}.svc.${clusterDomain}`;
    const made = serviceRecords(service, name, isHeadless(service) ? slicesOf(service) : NONE);
    const tooLong = new Set<string>();
    for (const record of made.records) {
      if (fitsDNS(record.name) && (record.type !== 'SRV' || fitsDNS(record.target))) records.push(record);
      else tooLong.add(record.name);
    }
    for (const each of made.addresses) if (fitsDNS(each.name)) addresses.push(each);
    if (tooLong.size > 0) diagnostics.push(longName(service, [...tooLong]));
    for (const label of made.sharedLabels) diagnostics.push(sharedLabel(service, label));
  }
  for (const record of podRecords(cluster.pods, clusterDomain))
    if (fitsDNS(record.name)) records.push(record);
  return { forward: { origin: clusterDomain, records }, reverse: reverseZones(addresses), diagnostics };
}

/** PTR records in zones of a /24 or /64 each, both in order of addresses; IPv4 before IPv6. */
function reverseZones(addresses: Iterable<NamedAddress>): readonly DnsZone[] {
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

/**
 * Records of pods by their addresses: `10-244-1-5.default.pod.cluster.local`. The specification asks for them though
 * they are deprecated, and for any address; a zone can hold those of pods that are there (CoreDNS' `pods verified`).
 */
function* podRecords(pods: readonly Pod[], clusterDomain: string): Generator<DnsRecord> {
  const seen = new Set<string>();
  for (const { namespace, podIPs, phase } of pods) {
    if (phase === 'Succeeded' || phase === 'Failed') continue;
    for (const address of podIPs) {
      const name = `${addressLabel(address)}.${namespace}.pod.${clusterDomain}`;
      if (seen.has(name)) continue;
      seen.add(name);
      yield addressRecord(name, address);
    }
  }
}
