import { SERVICE_NAME_LABEL } from '../../kubernetes/labels.ts';
import { toProtocol } from '../../kubernetes/protocols.ts';
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSlice,
  EndpointSubset,
  Endpoints,
  ObjectReference,
  SliceEndpoint,
} from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { SliceSubject } from '../defaults/endpoint-slice.ts';
import { stringList } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { canonicalIPs } from './canonical.ts';
import { namespacedMeta } from './object-meta.ts';

/** Endpoints that have passed the rules, as later stages know them. */
export function toEndpoints(endpoints: api.Endpoints, manifest: Manifest): Endpoints {
  const meta = namespacedMeta(endpoints.metadata, manifest);
  return {
    namespace: meta.namespace,
    name: meta.name,
    labels: meta.labels,
    annotations: meta.annotations,
    locate: meta.locate,
    subsets: (endpoints.subsets ?? []).map(toSubset),
  };
}

function toSubset(subset: api.EndpointSubset | null): EndpointSubset {
  return {
    addresses: toAddresses(subset?.addresses),
    notReadyAddresses: toAddresses(subset?.notReadyAddresses),
    ports: (subset?.ports ?? []).map(toPort),
  };
}

function toAddresses(addresses: api.EndpointSubset['addresses']): readonly EndpointAddress[] {
  const converted: EndpointAddress[] = [];
  for (const address of addresses ?? []) {
    const spelledIP = address?.ip ?? '';
    const ip = parseIP(spelledIP)?.ip;
    if (ip === undefined) continue;
    const plain = {
      ip,
      hostname: address?.hostname || undefined,
      nodeName: address?.nodeName ?? undefined,
      targetRef: toObjectReference(address?.targetRef),
    };
    converted.push(ip === spelledIP ? plain : { ...plain, spelledIP });
  }
  return converted;
}

function toPort(port: api.EndpointsEndpointPort | api.EndpointSliceEndpointPort | null): EndpointPort {
  return {
    name: port?.name ?? '',
    protocol: toProtocol(port?.protocol),
    port: port?.port ?? undefined,
    appProtocol: port?.appProtocol ?? undefined,
  };
}

/** What an endpoint stands for: a pod, mostly. Missing names are "". */
function toObjectReference(reference: api.ObjectReference | null | undefined): ObjectReference | undefined {
  if (reference === null || reference === undefined) return undefined;
  if (isComplete(reference)) return reference;
  return {
    kind: reference.kind ?? '',
    namespace: reference.namespace ?? '',
    name: reference.name ?? '',
    uid: reference.uid || undefined,
  };
}

type CompleteReference = api.ObjectReference & { kind: string; namespace: string; name: string; uid: string };

/** References that controllers write have everything, and need no copy. */
function isComplete(reference: api.ObjectReference): reference is CompleteReference {
  const { kind, namespace, name, uid } = reference;
  return typeof kind === 'string' && typeof namespace === 'string' && typeof name === 'string' && !!uid;
}

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

function toEndpoint(endpoint: api.Endpoint | null, keepsAddresses: boolean): SliceEndpoint {
  const { conditions, hints, hostname, nodeName, addresses } = endpoint ?? NO_ENDPOINT;
  const plain = {
    addresses: keepsAddresses ? stringList(addresses) : canonicalIPs(addresses ?? NOTHING),
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    hostname: hostname ?? undefined,
    nodeName: nodeName ?? undefined,
    zoneHints: toHints(hints?.forZones),
    nodeHints: toHints(hints?.forNodes),
  };
  const spelledIP = keepsAddresses ? undefined : addresses?.[0];
  if (spelledIP === plain.addresses[0] || typeof spelledIP !== 'string') return plain;
  return { ...plain, spelledIP };
}

function toHints(hints: readonly (api.ForZone | null)[] | null | undefined): readonly string[] {
  if (hints === null || hints === undefined) return NOTHING;
  return hints.map((hint) => hint?.name ?? '');
}
