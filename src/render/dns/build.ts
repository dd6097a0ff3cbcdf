import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Cluster, EndpointSlice, Service } from '../../model/cluster.ts';
import { diagnoseExternalNames, longName, sharedLabel } from './diagnose-names.ts';
import { fitsDNS } from './domain-names.ts';
import { podRecords } from './pod-records.ts';
import type { DnsRecord, DnsZone } from './record.ts';
import { reverseZones } from './reverse-zones.ts';
import { type NamedAddress, serviceRecords } from './service-records.ts';

export interface DnsOptions {
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
export function buildDns(cluster: Cluster, { clusterDomain, slicesOf }: DnsOptions): DnsRecords {
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

function isHeadless({ type, clusterIPs }: Service): boolean {
  return type !== 'ExternalName' && clusterIPs[0] === 'None';
}
