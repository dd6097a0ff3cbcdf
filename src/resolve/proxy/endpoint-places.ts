import { type Cluster, objectKey, type Service, type SliceEndpoint } from '../../model/cluster.ts';
import { type SliceLookup, sliceLookup } from './service-slices.ts';

/** Finds where the endpoints of a Service are, and for whom: by address, only where traffic goes by it. */
export type PlaceLookup = (service: Service) => ReadonlyMap<string, string>;

/**
 * What nodes go by when they choose among the endpoints of a Service: the node of each where a policy is Local, and
 * topology hints.
 */
export function endpointPlaces(cluster: Cluster): PlaceLookup {
  const hinted = hintedServices(cluster);
  let slicesOf: SliceLookup | undefined;
  return (service) => {
    const usesNodes = service.internalTrafficPolicy === 'Local' || service.externalTrafficPolicy === 'Local';
    if (!usesNodes && !canHaveHints(service) && !hinted.has(objectKey(service))) return NONE;
    slicesOf ??= sliceLookup(cluster);
    const places = new Map<string, string>();
    for (const { endpoints } of slicesOf(service)) {
      for (const endpoint of endpoints) {
        const [address] = endpoint.addresses;
        const place = placeOf(endpoint, usesNodes);
        if (address !== undefined && place !== '') places.set(address, place);
      }
    }
    return places;
  };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Those whose slices carry hints in the input. */
function hintedServices({ endpointSlices }: Cluster): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { namespace, serviceName, endpoints } of endpointSlices) {
    if (endpoints.some(hasHints)) names.add(`${namespace}/${serviceName}`);
  }
  return names;
}

function hasHints({ nodeHints, zoneHints }: SliceEndpoint): boolean {
  return nodeHints.length + zoneHints.length > 0;
}

/** Where slices are made of pods, fields and annotations of the Service ask for hints. */
function canHaveHints({ trafficDistribution, annotations }: Service): boolean {
  return trafficDistribution !== undefined || Object.keys(annotations).length > 0;
}

/** "": traffic does not go by it. */
function placeOf({ nodeName, nodeHints, zoneHints }: SliceEndpoint, usesNodes: boolean): string {
  const parts = [
    ...(usesNodes ? [nodeName === undefined ? 'on no node' : `on ${nodeName}`] : []),
    ...(nodeHints.length === 0 ? [] : [`for nodes ${nodeHints.join(', ')}`]),
    ...(zoneHints.length === 0 ? [] : [`for zones ${zoneHints.join(', ')}`]),
  ];
  return parts.join(', ');
}
