import { ENDPOINT_SLICE_CONTROLLER, HEADLESS_LABEL } from '../../kubernetes/labels.ts';
import { hasSelector, isHeadless } from '../../kubernetes/services.ts';
import type {
  ControllerEndpoint,
  ControllerSlice,
  IPFamily,
  Node,
  Pod,
  Service,
} from '../../model/cluster.ts';
import { addressesOf, isServingCandidate, type SliceContext, toSliceEndpoint } from './pod-endpoint.ts';
import { familiesOf, sliceLabels, sliceName, withoutKey } from './slice-metadata.ts';
import { groupByPorts } from './target-ports.ts';
import { topologyHintsOf } from './topology-hints.ts';

/** kube-controller-manager's `--max-endpoints-per-slice`. */
export const DEFAULT_MAX_ENDPOINTS_PER_SLICE = 100;

export interface SliceOptions {
  /** Zones by name of node, see `zonesByNode`. */
  readonly zones: ReadonlyMap<string, string>;
  /** At least 1; default 100. */
  readonly maxEndpointsPerSlice?: number;
}

/** Zones by name of node; nodes without the label `topology.kubernetes.io/zone` are left out. */
export function zonesByNode(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  for (const { name, zone } of nodes) if (zone !== undefined && zone !== '') zones.set(name, zone);
  return zones;
}

/**
 * The EndpointSlices that the EndpointSlice controller makes for a service at once (k8s.io/endpointslice 0.34).
 * Slices are sorted by name, where they are numbered in the order of the first pods with their ports; endpoints are
 * in the order of `pods`. A family without endpoints gets one empty slice without ports. Pods whose node is unknown
 * count all the same, without a zone.
 * @param pods those that the service selects: `selectByLabels`
 * @returns no slices for services without selector and ExternalName services, which the controller leaves alone
 */
export function endpointSlicesFromPods(
  service: Service,
  pods: readonly Pod[],
  options: SliceOptions,
): readonly ControllerSlice[] {
  if (!hasSelector(service)) return [];
  const groups = groupByPorts(pods.filter(isServingCandidate), service.ports);
  const context: SliceContext = { service, zones: options.zones, hints: topologyHintsOf(service) };
  const size = options.maxEndpointsPerSlice ?? DEFAULT_MAX_ENDPOINTS_PER_SLICE;
  const labels = labelsOf(service);
  const slices: ControllerSlice[] = [];
  for (const family of familiesOf(service)) {
    let number = 0;
    for (const { ports, pods: members } of groups) {
      for (const endpoints of inChunks(toEndpoints(members, family, context), size)) {
        number += 1;
        slices.push(toSlice(service, { family, number, labels, ports, endpoints }));
      }
    }
    if (number === 0) slices.push(toSlice(service, { family, number: 1, labels, ports: [], endpoints: [] }));
  }
  return slices.sort(byName);
}

type SliceParts = Pick<ControllerSlice, 'labels' | 'ports' | 'endpoints'> & {
  readonly family: IPFamily;
  readonly number: number;
};

function toSlice(
  service: Service,
  { family, number, labels, ports, endpoints }: SliceParts,
): ControllerSlice {
  return {
    namespace: service.namespace,
    name: sliceName(service, family, number),
    labels,
    annotations: {},
    locate: service.locate,
    serviceName: service.name,
    addressType: family,
    ports,
    endpoints,
  };
}

function labelsOf(service: Service): ControllerSlice['labels'] {
  const labels = sliceLabels(service, ENDPOINT_SLICE_CONTROLLER);
  return isHeadless(service) ? { ...labels, [HEADLESS_LABEL]: '' } : withoutKey(labels, HEADLESS_LABEL);
}

function toEndpoints(
  pods: readonly Pod[],
  family: IPFamily,
  context: SliceContext,
): readonly ControllerEndpoint[] {
  const endpoints: ControllerEndpoint[] = [];
  for (const pod of pods) {
    const addresses = addressesOf(pod, family);
    if (addresses.length > 0) endpoints.push(toSliceEndpoint(pod, addresses, context));
  }
  return endpoints;
}

function byName(a: ControllerSlice, b: ControllerSlice): number {
  return a.name < b.name ? -1 : 1;
}

function inChunks<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  if (list.length <= size) return list.length === 0 ? [] : [list];
  const chunks: (readonly T[])[] = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}
