import { isHeadless } from '../../kubernetes/services.ts';
import type { EndpointSlice, Protocol, Service } from '../../model/cluster.ts';
import { addressLabel } from './domain-names.ts';
import { addressRecord, type DnsRecord, serverRecord } from './record.ts';

/** The records of one Service, and the names of its addresses for the reverse zones. */
export interface ServiceRecords {
  readonly records: readonly DnsRecord[];
  readonly addresses: readonly NamedAddress[];
  /** Labels that a host name of one endpoint and the address of another both make. */
  readonly sharedLabels: readonly string[];
}

export interface NamedAddress {
  readonly address: string;
  readonly name: string;
}

/**
 * The records of a Service by the DNS specification of Kubernetes 1.1.0 (kubernetes/dns, docs/specification.md).
 * @param name the Service's own: `web.default.svc.cluster.local`
 * @param slices of a headless Service
 */
export function serviceRecords(
  service: Service,
  name: string,
  slices: readonly EndpointSlice[],
): ServiceRecords {
  if (service.type === 'ExternalName') return withoutAddresses(externalNameRecords(service, name));
  if (isHeadless(service)) return headlessRecords(service, name, slices);
  return clusterIPRecords(service, name);
}

function withoutAddresses(records: readonly DnsRecord[]): ServiceRecords {
  return { records, addresses: [], sharedLabels: [] };
}

function externalNameRecords({ externalName }: Service, name: string): readonly DnsRecord[] {
  return externalName === undefined ? [] : [{ name, type: 'CNAME', target: externalName.replace(/\.$/, '') }];
}

function clusterIPRecords({ clusterIPs, ports }: Service, name: string): ServiceRecords {
  const records = clusterIPs.map((address) => addressRecord(name, address));
  if (records.length === 0) return withoutAddresses([]);
  for (const port of ports) {
    if (port.name !== '') records.push(serverRecord(portName(port, name), port.port, name));
  }
  return { records, addresses: clusterIPs.map((address) => ({ address, name })), sharedLabels: [] };
}

/** An endpoint's label, and what stands behind it. */
interface Member {
  readonly addresses: Set<string>;
  isHostname: boolean;
  isAddress: boolean;
}

/** Ports are those of the endpoints: clients of a headless Service connect to them directly. */
function headlessRecords(service: Service, name: string, slices: readonly EndpointSlice[]): ServiceRecords {
  const members = new Map<string, Member>();
  const servers = new Map<string, DnsRecord>();
  for (const slice of slices) {
    if (slice.addressType === 'FQDN') continue;
    for (const endpoint of slice.endpoints) {
      if (!endpoint.ready && !service.publishNotReadyAddresses) continue;
      for (const address of endpoint.addresses) {
        const label = endpoint.hostname ?? addressLabel(address);
        addMember(members, label, { address, isHostname: endpoint.hostname !== undefined });
        addServers(servers, slice, { name, target: `${label}.${name}` });
      }
    }
  }
  return collect(members, servers, name);
}

function addMember(
  members: Map<string, Member>,
  label: string,
  { address, isHostname }: { readonly address: string; readonly isHostname: boolean },
): void {
  let member = members.get(label);
  if (member === undefined) {
    member = { addresses: new Set(), isHostname: false, isAddress: false };
    members.set(label, member);
  }
  member.addresses.add(address);
  if (isHostname) member.isHostname = true;
  else member.isAddress = true;
}

function addServers(
  servers: Map<string, DnsRecord>,
  { ports }: EndpointSlice,
  { name, target }: { readonly name: string; readonly target: string },
): void {
  for (const port of ports) {
    if (port.name === '' || port.port === undefined) continue;
    const owner = portName(port, name);
    servers.set(`${owner} ${target} ${port.port}`, serverRecord(owner, port.port, target));
  }
}

function collect(
  members: ReadonlyMap<string, Member>,
  servers: ReadonlyMap<string, DnsRecord>,
  name: string,
): ServiceRecords {
  const labels = [...members].sort(([a], [b]) => (a < b ? -1 : 1));
  const addresses = labels.flatMap(([label, member]) =>
    [...member.addresses].sort().map((address) => ({ address, name: `${label}.${name}` })),
  );
  const own = [...new Set(addresses.map(({ address }) => address))].sort();
  const sorted = [...servers].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record);
  return {
    records: [
      ...own.map((address) => addressRecord(name, address)),
      ...sorted,
      ...addresses.map((each) => addressRecord(each.name, each.address)),
    ],
    addresses,
    sharedLabels: labels.flatMap(([label, member]) => (member.isHostname && member.isAddress ? [label] : [])),
  };
}

/** `_http._tcp.` before the Service's name. */
function portName(port: { readonly name: string; readonly protocol: Protocol }, name: string): string {
  return `_${port.name}._${port.protocol.toLowerCase()}.${name}`;
}
