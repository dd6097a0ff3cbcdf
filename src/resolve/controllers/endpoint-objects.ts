import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, count, listNames } from '../../diagnostic/report.ts';
import { HEADLESS_LABEL } from '../../kubernetes/labels.ts';
import { indexByLabels, selectByLabels } from '../../kubernetes/selectors.ts';
import { hasSelector, isHeadless } from '../../kubernetes/services.ts';
import {
  type Cluster,
  type ControllerSlice,
  type EndpointAddress,
  type EndpointSubset,
  type Endpoints,
  type IPFamily,
  objectKey,
  type Pod,
  type Service,
  type StringMap,
} from '../../model/cluster.ts';
import type { ResolveCode } from '../codes.ts';
import { endpointSlicesFromPods, zonesByNode } from './endpoint-slice-controller.ts';
import { isMirrored, mirrorEndpoints } from './endpoints-mirroring.ts';
import { addressesOf, hostnameIn, isServingCandidate, podReference } from './pod-endpoint.ts';
import { familiesOf, withoutKey } from './slice-metadata.ts';
import { repackSubsets, truncateSubsets } from './subsets.ts';
import { groupByPorts } from './target-ports.ts';

/** An object that a controller writes. */
type EndpointObject =
  | { readonly kind: 'Endpoints'; readonly object: Endpoints }
  | { readonly kind: 'EndpointSlice'; readonly object: ControllerSlice };

export interface EndpointObjectsOptions {
  /** At least 1. */
  readonly maxEndpointsPerSlice: number;
}

export interface EndpointObjects {
  /** By Service, Endpoints first; made while they are read, each time anew. */
  readonly objects: Iterable<EndpointObject>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What the endpoint controllers would add to the input: Endpoints and EndpointSlices of the pods that a Service
 * selects, and slices that mirror Endpoints of Services without selector. What is in the input already stands, as it
 * does for rules: no pods are looked at for a Service that has slices or Endpoints there.
 */
export function endpointObjects(cluster: Cluster, options: EndpointObjectsOptions): EndpointObjects {
  const sliced = new Set(cluster.endpointSlices.map((slice) => `${slice.namespace}/${slice.serviceName}`));
  const given = new Map(cluster.endpoints.map((endpoints) => [objectKey(endpoints), endpoints]));
  const left: Service[] = [];
  const sources: EndpointSource[] = [];
  for (const service of cluster.services) {
    const key = objectKey(service);
    const endpoints = given.get(key);
    if (hasSelector(service)) {
      if (endpoints !== undefined || sliced.has(key)) left.push(service);
      else sources.push({ service, endpoints: undefined });
    } else if (endpoints !== undefined && isMirrored(endpoints) && !sliced.has(key)) {
      sources.push({ service, endpoints });
    }
  }
  return {
    objects: { [Symbol.iterator]: () => makeObjects(cluster, sources, options) },
    diagnostics: left.length === 0 ? [] : [alreadyThere(left)],
  };
}

/** What the objects of a Service are made of: the Endpoints that are given, or pods. */
interface EndpointSource {
  readonly service: Service;
  readonly endpoints: Endpoints | undefined;
}

function* makeObjects(
  cluster: Cluster,
  sources: readonly EndpointSource[],
  { maxEndpointsPerSlice }: EndpointObjectsOptions,
): Generator<EndpointObject> {
  const index = indexByLabels(cluster.services, cluster.pods, ({ labels }) => labels);
  const zones = zonesByNode(cluster.nodes);
  for (const { service, endpoints } of sources) {
    if (endpoints !== undefined) {
      yield* mirrorEndpoints(endpoints).map(asObject);
      continue;
    }
    const pods = selectByLabels(index, service);
    const made = endpointsFromPods(service, pods);
    if (made !== undefined) yield { kind: 'Endpoints', object: made };
    yield* endpointSlicesFromPods(service, pods, { zones, maxEndpointsPerSlice }).map(asObject);
  }
}

function asObject(object: ControllerSlice): EndpointObject {
  return { kind: 'EndpointSlice', object };
}

function alreadyThere(services: readonly Service[]): Diagnostic {
  return aboutRun<ResolveCode>({
    code: 'endpoints-not-given',
    severity: 'warning',
    message: `${count(services.length, 'Service')} with EndpointSlices or Endpoints in the input: ${listNames(services.map(objectKey))}`,
    hint: 'these objects stand, and none are computed; leave them out of the input to have them made of pods',
  });
}

const OVER_CAPACITY: StringMap = { 'endpoints.kubernetes.io/over-capacity': 'truncated' };

/**
 * The Endpoints object that the endpoints controller makes for a service (pkg/controller/endpoint 1.34): the pods'
 * addresses in the service's first family, repacked, at most 1000 with an annotation that says so if there are more.
 * Pods that are being deleted are left out, unless the service publishes addresses that are not ready; so are pods
 * that lack every port of the service.
 * @param pods those that the service selects
 * @returns undefined for services without selector and ExternalName services, which the controller leaves alone
 */
export function endpointsFromPods(service: Service, pods: readonly Pod[]): Endpoints | undefined {
  if (!hasSelector(service)) return undefined;
  const subsets = repackSubsets(subsetsOf(service, pods));
  const truncated = truncateSubsets(subsets);
  return {
    namespace: service.namespace,
    name: service.name,
    labels: labelsOf(service),
    annotations: truncated === undefined ? {} : OVER_CAPACITY,
    locate: service.locate,
    subsets: truncated ?? subsets,
  };
}

/** One subset for each set of port numbers. Only a service without any port has addresses without one. */
function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const { ports: specs, publishNotReadyAddresses } = service;
  if (specs.length === 0 && !isHeadless(service)) return [];
  const family = familiesOf(service)[0] ?? 'IPv4';
  const candidates = pods.filter(
    (pod) => isServingCandidate(pod) && (publishNotReadyAddresses || !pod.isTerminating),
  );
  const subsets: EndpointSubset[] = [];
  for (const { ports, pods: members } of groupByPorts(candidates, specs)) {
    if (ports.length === 0 && specs.length > 0) continue;
    const addresses: EndpointAddress[] = [];
    const notReadyAddresses: EndpointAddress[] = [];
    for (const pod of members) {
      const address = toAddress(service, pod, family);
      if (address === undefined) continue;
      if (publishNotReadyAddresses || pod.isReady) addresses.push(address);
      else notReadyAddresses.push(address);
    }
    subsets.push({ ports, addresses, notReadyAddresses });
  }
  return subsets;
}

function toAddress(service: Service, pod: Pod, family: IPFamily): EndpointAddress | undefined {
  const ip = addressesOf(pod, family)[0];
  if (ip === undefined) return undefined;
  const nodeName = pod.nodeName === '' ? undefined : pod.nodeName;
  return { ip, hostname: hostnameIn(service, pod), nodeName, targetRef: podReference(pod) };
}

function labelsOf(service: Service): StringMap {
  return isHeadless(service)
    ? { ...service.labels, [HEADLESS_LABEL]: '' }
    : withoutKey(service.labels, HEADLESS_LABEL);
}
