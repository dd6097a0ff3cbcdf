import { type Cluster, type EndpointSlice, objectKey, type Service } from '../model/cluster.ts';
import { endpointSlicesFromPods, zonesByNode } from './endpoint-slice-controller.ts';
import { mirrorEndpoints } from './endpoints-mirroring.ts';
import { indexPods, type PodIndex, selectPods } from './pod-index.ts';

const NONE: readonly EndpointSlice[] = [];

/** Finds the EndpointSlices of a Service, of every address type, in order of name. */
export type SliceLookup = (service: Service) => readonly EndpointSlice[];

/**
 * Where endpoints come from, in this order: the EndpointSlices of the Service; else its Endpoints object, mirrored;
 * else, when it has a selector, the pods in the input, as the EndpointSlice controller would write them. A source
 * that is there but empty counts: the Service has no endpoints then.
 */
export function sliceLookup(cluster: Cluster): SliceLookup {
  const slices = slicesByService(cluster.endpointSlices);
  const endpoints = new Map(cluster.endpoints.map((each) => [objectKey(each), each]));
  const zones = zonesByNode(cluster.nodes);
  let pods: PodIndex | undefined;
  return (service) => {
    const key = objectKey(service);
    const given = slices.get(key);
    if (given !== undefined) return given;
    const object = endpoints.get(key);
    if (object !== undefined) return mirrorEndpoints(object);
    if (cluster.pods.length === 0) return NONE;
    pods ??= indexPods(cluster.services, cluster.pods);
    const selected = selectPods(pods, service.namespace, service.selector);
    return selected.length === 0 ? NONE : endpointSlicesFromPods(service, selected, { zones });
  };
}

function slicesByService(slices: readonly EndpointSlice[]): ReadonlyMap<string, readonly EndpointSlice[]> {
  const byService = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    if (slice.serviceName === '') continue;
    const key = `${slice.namespace}/${slice.serviceName}`;
    const others = byService.get(key);
    if (others === undefined) byService.set(key, [slice]);
    else others.push(slice);
  }
  return byService;
}
