import { toProtocol } from '../../kubernetes/protocols.ts';
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from '../../model/cluster.ts';
import { parseIP } from '../../model/ip.ts';
import type { Manifest } from '../../model/manifest.ts';
import type * as api from '../generated/shapes.js';
import { namespacedMeta } from './object-meta.ts';
import { toObjectReference } from './object-reference.ts';

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
    const ip = parseIP(address?.ip ?? '')?.ip;
    if (ip === undefined) continue;
    converted.push({
      ip,
      hostname: address?.hostname || undefined,
      nodeName: address?.nodeName ?? undefined,
      targetRef: toObjectReference(address?.targetRef),
    });
  }
  return converted;
}

function toPort(port: api.EndpointsEndpointPort | null): EndpointPort {
  return {
    name: port?.name ?? '',
    protocol: toProtocol(port?.protocol),
    port: port?.port ?? undefined,
    appProtocol: port?.appProtocol ?? undefined,
  };
}
