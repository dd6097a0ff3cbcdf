import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { aboutRun, count, listNames } from '../../diagnostic/report.ts';
import { indexByLabels, selectByLabels } from '../../kubernetes/selectors.ts';
import { hasSelector } from '../../kubernetes/services.ts';
import {
  type Cluster,
  type ControllerSlice,
  type Endpoints,
  objectKey,
  type Service,
} from '../../model/cluster.ts';
import type { ResolveCode } from '../codes.ts';
import { endpointSlicesFromPods, zonesByNode } from './endpoint-slice-controller.ts';
import { endpointsFromPods } from './endpoints-controller.ts';
import { isMirrored, mirrorEndpoints } from './endpoints-mirroring.ts';

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
