import type { Cluster, Service, SliceEndpoint } from '../model/cluster.ts';
import { sliceLookup } from './service-slices.ts';

/** Finds where the endpoints of a Service are, and for whom: by address, only where traffic goes by it. */
export type PlaceLookup = (service: Service) => ReadonlyMap<string, string>;

/**
 * What nodes go by when they choose among the endpoints of a Service: the node of each where a policy is Local, and
 * topology hints.
 */
export function endpointPlaces(cluster: Cluster): PlaceLookup {
  const slicesOf = sliceLookup(cluster);
  return (service) => {
    const places = new Map<string, string>();
    const usesNodes = service.internalTrafficPolicy === 'Local' || service.externalTrafficPolicy === 'Local';
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

/** "": traffic does not go by it. Most endpoints have none, so it takes no time to say so. */
function placeOf({ nodeName, nodeHints, zoneHints }: SliceEndpoint, usesNodes: boolean): string {
  if (!usesNodes && nodeHints.length === 0 && zoneHints.length === 0) return '';
  const parts = [
    ...(usesNodes ? [nodeName === undefined ? 'on no node' : `on ${nodeName}`] : []),
    ...(nodeHints.length === 0 ? [] : [`for nodes ${nodeHints.join(', ')}`]),
    ...(zoneHints.length === 0 ? [] : [`for zones ${zoneHints.join(', ')}`]),
  ];
  return parts.join(', ');
}
