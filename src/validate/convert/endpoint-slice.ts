import type { EndpointPort, EndpointSlice, SliceEndpoint } from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringList } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { namespacedMeta } from './object-meta.ts';
import { toObjectReference } from './object-reference.ts';
import { toProtocol } from './protocol.ts';

const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';
const NOTHING: readonly string[] = Object.freeze([]);

/** An EndpointSlice that has passed the rules, as later stages know it. */
export function toEndpointSlice(slice: api.EndpointSlice, manifest: Manifest): EndpointSlice {
  const meta = namespacedMeta(slice.metadata, manifest);
  const addressType = toAddressType(slice.addressType);
  return {
    ...meta,
    serviceName: meta.labels[SERVICE_NAME_LABEL] ?? '',
    addressType,
    ports: (slice.ports ?? []).map(toPort),
    endpoints: (slice.endpoints ?? []).map((endpoint) => toEndpoint(endpoint, addressType)),
  };
}

function toAddressType(addressType: string | null | undefined): EndpointSlice['addressType'] {
  return addressType === 'IPv6' || addressType === 'FQDN' ? addressType : 'IPv4';
}

function toPort(port: api.EndpointSliceEndpointPort | null): EndpointPort {
  return {
    name: port?.name ?? '',
    protocol: toProtocol(port?.protocol),
    port: port?.port ?? undefined,
    appProtocol: port?.appProtocol ?? undefined,
  };
}

function toEndpoint(endpoint: api.Endpoint | null, addressType: EndpointSlice['addressType']): SliceEndpoint {
  const { conditions, hints, hostname, nodeName, zone, addresses, targetRef } = endpoint ?? {};
  return {
    addresses: addressType === 'FQDN' ? stringList(addresses) : toAddresses(addresses),
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    hostname: hostname ?? undefined,
    nodeName: nodeName ?? undefined,
    zone: zone ?? undefined,
    zoneHints: toHints(hints?.forZones),
    nodeHints: toHints(hints?.forNodes),
    targetRef: toObjectReference(targetRef),
  };
}

/** Most endpoints have one address, spelled canonically: then the list that came is good. */
function toAddresses(addresses: api.Endpoint['addresses']): readonly string[] {
  const converted: string[] = [];
  for (const address of addresses ?? []) {
    const ip = parseIP(address ?? '')?.ip;
    if (ip !== undefined) converted.push(ip);
  }
  return converted;
}

function toHints(hints: readonly (api.ForZone | null)[] | null | undefined): readonly string[] {
  if (hints === null || hints === undefined) return NOTHING;
  return hints.map((hint) => hint?.name ?? '');
}
