import { SERVICE_NAME_LABEL } from '../../kubernetes/labels.ts';
import { toProtocol } from '../../kubernetes/protocols.ts';
import type { EndpointPort, EndpointSlice, SliceEndpoint } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { SliceSubject } from '../defaults/endpoint-slice.ts';
import { stringList } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { canonicalIPs } from './canonical.ts';
import { namespacedMeta } from './object-meta.ts';

const NOTHING: readonly string[] = Object.freeze([]);
const NO_ENDPOINT: api.Endpoint = Object.freeze({});

/** An EndpointSlice that has passed the rules, as later stages know it. */
export function toEndpointSlice(
  { slice, endpoints, isPlain }: SliceSubject,
  manifest: Manifest,
): EndpointSlice {
  const meta = namespacedMeta(slice.metadata, manifest);
  const addressType = toAddressType(slice.addressType);
  return {
    namespace: meta.namespace,
    name: meta.name,
    labels: meta.labels,
    annotations: meta.annotations,
    locate: meta.locate,
    serviceName: meta.labels[SERVICE_NAME_LABEL] ?? '',
    addressType,
    ports: (slice.ports ?? []).map(toPort),
    endpoints: endpoints.map((endpoint) => toEndpoint(endpoint, isPlain || addressType === 'FQDN')),
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

function toEndpoint(endpoint: api.Endpoint | null, keepsAddresses: boolean): SliceEndpoint {
  const { conditions, hints, hostname, nodeName, addresses } = endpoint ?? NO_ENDPOINT;
  return {
    addresses: keepsAddresses ? stringList(addresses) : canonicalIPs(addresses ?? NOTHING),
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    hostname: hostname ?? undefined,
    nodeName: nodeName ?? undefined,
    zoneHints: toHints(hints?.forZones),
    nodeHints: toHints(hints?.forNodes),
  };
}

function toHints(hints: readonly (api.ForZone | null)[] | null | undefined): readonly string[] {
  if (hints === null || hints === undefined) return NOTHING;
  return hints.map((hint) => hint?.name ?? '');
}
