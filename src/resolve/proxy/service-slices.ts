import { indexByLabels, type LabelIndex, selectByLabels } from '../../kubernetes/selectors.ts';
import {
  type Cluster,
  type EndpointSlice,
  objectKey,
  type Pod,
  type Service,
  type SliceEndpoint,
} from '../../model/cluster.ts';
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
    if (!usesNodes && !canHaveHints(service) && !hinted.has(objectKey(service))) return NO_PLACES;
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

const NO_PLACES: ReadonlyMap<string, string> = new Map();

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
