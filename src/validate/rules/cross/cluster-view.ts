import type { Cluster, EndpointSlice, Endpoints, Service } from '../../../model/cluster.ts';
import { type AddressConflict, findAddressConflicts } from './address-claims.ts';
import { type ClusterIPOwners, findClusterIPOwners } from './cluster-ip-owners.ts';
import { findNodePortConflicts, type NodePortConflict } from './node-port-claims.ts';
import { type PodSelection, selectPods } from './pod-selection.ts';
import type { UnknownPods } from './unknown-pods.ts';

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
  readonly unknownPods: UnknownPods;
  readonly clusterIPs: ClusterIPOwners;
  readonly nodePortConflicts: readonly NodePortConflict[];
  readonly addressConflicts: readonly AddressConflict[];
}

const NO_SERVICES: ReadonlyMap<string, Service> = new Map();

/** Takes time linear in the number of objects. */
export function viewCluster(cluster: Cluster, unknownPods: UnknownPods): ClusterView {
  const services = withoutRepetitions(cluster.services);
  const byNamespace = indexServices(services);
  const servicesIn = (namespace: string) => byNamespace.get(namespace) ?? NO_SERVICES;
  const serviceOf = (namespace: string, name: string) => byNamespace.get(namespace)?.get(name);
  return {
    services,
    serviceOf,
    servicesIn,
    endpointsOf: assignEndpoints(cluster.endpoints, serviceOf),
    slicesOf: groupSlices(cluster.endpointSlices, servicesIn),
    pods: selectPods(cluster, services),
    unknownPods,
    clusterIPs: findClusterIPOwners(services),
    nodePortConflicts: findNodePortConflicts(services),
    addressConflicts: findAddressConflicts(services),
  };
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Clusters are sorted, so objects with one name are neighbours. */
export function isSameObject(object: Named, other: Named | undefined): boolean {
  return other !== undefined && object.name === other.name && object.namespace === other.namespace;
}

function withoutRepetitions(services: readonly Service[]): readonly Service[] {
  const hasRepetition = services.some((service, index) => isSameObject(service, services[index - 1]));
  if (!hasRepetition) return services;
  return services.filter((service, index) => !isSameObject(service, services[index - 1]));
}

function assignEndpoints(
  endpoints: readonly Endpoints[],
  serviceOf: ClusterView['serviceOf'],
): ReadonlyMap<Service, Endpoints> {
  const endpointsOf = new Map<Service, Endpoints>();
  for (const each of endpoints) {
    const service = serviceOf(each.namespace, each.name);
    if (service !== undefined && !endpointsOf.has(service)) endpointsOf.set(service, each);
  }
  return endpointsOf;
}

/** Objects are sorted by namespace, so a map of names serves many in a row. */
function indexServices(services: readonly Service[]): ReadonlyMap<string, ReadonlyMap<string, Service>> {
  const byNamespace = new Map<string, Map<string, Service>>();
  let current: { readonly namespace: string; readonly names: Map<string, Service> } | undefined;
  for (const service of services) {
    const { namespace } = service;
    if (current?.namespace !== namespace) {
      current = { namespace, names: new Map() };
      byNamespace.set(namespace, current.names);
    }
    current.names.set(service.name, service);
  }
  return byNamespace;
}

function groupSlices(
  slices: readonly EndpointSlice[],
  servicesIn: ClusterView['servicesIn'],
): ReadonlyMap<Service, readonly EndpointSlice[]> {
  const slicesOf = new Map<Service, EndpointSlice[]>();
  let namespace: string | undefined;
  let names = NO_SERVICES;
  for (const slice of slices) {
    if (slice.namespace !== namespace) {
      ({ namespace } = slice);
      names = servicesIn(namespace);
    }
    const service = names.get(slice.serviceName);
    if (service === undefined) continue;
    const group = slicesOf.get(service);
    if (group === undefined) slicesOf.set(service, [slice]);
    else group.push(slice);
  }
  return slicesOf;
}
