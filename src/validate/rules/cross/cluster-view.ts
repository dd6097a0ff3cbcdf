import type { Cluster, EndpointSlice, Endpoints, Service } from '../../../model/cluster.ts';
import { type PodSelection, selectPods } from './pod-selection.ts';

/** A cluster as the rules across objects look at it: who belongs to whom. Made once, for all of them. */
export interface ClusterView {
  /** Every Service once: of those with one name, only the first. */
  readonly services: readonly Service[];
  readonly serviceOf: (namespace: string, name: string) => Service | undefined;
  /** Services by name, of one namespace. */
  readonly servicesIn: (namespace: string) => ReadonlyMap<string, Service>;
  /** The Endpoints object of a Service. */
  readonly endpointsOf: ReadonlyMap<Service, Endpoints>;
  readonly slicesOf: ReadonlyMap<Service, readonly EndpointSlice[]>;
  readonly pods: PodSelection;
}

const NO_SERVICES: ReadonlyMap<string, Service> = new Map();

/** Takes time linear in the number of objects. */
export function viewCluster(cluster: Cluster): ClusterView {
  const services = cluster.services.filter(
    (service, index) => !isSameObject(service, cluster.services[index - 1]),
  );
  const byNamespace = indexServices(services);
  const servicesIn = (namespace: string) => byNamespace.get(namespace) ?? NO_SERVICES;
  const serviceOf = (namespace: string, name: string) => byNamespace.get(namespace)?.get(name);
  const endpointsOf = new Map<Service, Endpoints>();
  for (const endpoints of cluster.endpoints) {
    const service = serviceOf(endpoints.namespace, endpoints.name);
    if (service !== undefined && !endpointsOf.has(service)) endpointsOf.set(service, endpoints);
  }
  const slicesOf = groupSlices(cluster.endpointSlices, serviceOf);
  return { services, serviceOf, servicesIn, endpointsOf, slicesOf, pods: selectPods(cluster, services) };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Clusters are sorted, so objects with one name are neighbours. */
export function isSameObject(object: Named, other: Named | undefined): boolean {
  return other !== undefined && object.name === other.name && object.namespace === other.namespace;
}

function indexServices(services: readonly Service[]): ReadonlyMap<string, ReadonlyMap<string, Service>> {
  const byNamespace = new Map<string, Map<string, Service>>();
  for (const service of services) {
    let named = byNamespace.get(service.namespace);
    if (named === undefined) {
      named = new Map();
      byNamespace.set(service.namespace, named);
    }
    named.set(service.name, service);
  }
  return byNamespace;
}

function groupSlices(
  slices: readonly EndpointSlice[],
  serviceOf: ClusterView['serviceOf'],
): ReadonlyMap<Service, readonly EndpointSlice[]> {
  const slicesOf = new Map<Service, EndpointSlice[]>();
  for (const slice of slices) {
    const service = serviceOf(slice.namespace, slice.serviceName);
    if (service === undefined) continue;
    const group = slicesOf.get(service);
    if (group === undefined) slicesOf.set(service, [slice]);
    else group.push(slice);
  }
  return slicesOf;
}
