import { indexByLabels, type LabelIndex, selectByLabels } from '../../kubernetes/selectors.ts';
import { type Cluster, type EndpointSlice, objectKey, type Pod, type Service } from '../../model/cluster.ts';
import { endpointSlicesFromPods, zonesByNode } from '../controllers/endpoint-slice-controller.ts';
import { mirrorEndpoints } from '../controllers/endpoints-mirroring.ts';

const NONE: readonly EndpointSlice[] = [];

/** Finds the EndpointSlices of a Service, of every address type, in order of name. */
export type SliceLookup = (service: Service) => readonly EndpointSlice[];

/**
 * Where endpoints come from, in this order: the EndpointSlices of the Service; else its Endpoints object, mirrored;
 * else, when it has a selector, the pods in the input, as the EndpointSlice controller would write them. A source
 * that is there but empty counts: the Service has no endpoints then.
 */
export function sliceLookup(cluster: Cluster): SliceLookup {
  const slices = slicesByNamespace(cluster.endpointSlices);
  const endpoints = new Map(cluster.endpoints.map((each) => [objectKey(each), each]));
  const zones = zonesByNode(cluster.nodes);
  let pods: LabelIndex<Pod> | undefined;
  return (service) => {
    const given = slices.get(service.namespace)?.get(service.name);
    if (given !== undefined) return given;
    const object = endpoints.get(objectKey(service));
    if (object !== undefined) return mirrorEndpoints(object);
    if (cluster.pods.length === 0) return NONE;
    pods ??= indexByLabels(cluster.services, cluster.pods, ({ labels }) => labels);
    const selected = selectByLabels(pods, service);
    return selected.length === 0 ? NONE : endpointSlicesFromPods(service, selected, { zones });
  };
}

type SlicesByName = ReadonlyMap<string, readonly EndpointSlice[]>;

/** By namespace, then by name of the Service: keys of both would have to be put together first. */
function slicesByNamespace(slices: readonly EndpointSlice[]): ReadonlyMap<string, SlicesByName> {
  const byNamespace = new Map<string, Map<string, EndpointSlice[]>>();
  for (const slice of slices) {
    if (slice.serviceName === '') continue;
    const byName = byNamespace.get(slice.namespace) ?? new Map<string, EndpointSlice[]>();
    if (byName.size === 0) byNamespace.set(slice.namespace, byName);
    const others = byName.get(slice.serviceName);
    if (others === undefined) byName.set(slice.serviceName, [slice]);
    else others.push(slice);
  }
  return byNamespace;
}
