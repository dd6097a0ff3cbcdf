import type { Cluster, EndpointSlice, Service } from '../../../../model/cluster.ts';
import type { Manifest } from '../../../../model/manifest.ts';
import { isExternallyAccessible } from '../../../defaults/service.ts';
import { type AddressConflict, findAddressConflicts } from './address-claims.ts';
import { type BackendRef, findBackendRefs } from './backend-refs.ts';
import { type ClusterIPOwners, findClusterIPOwners } from './cluster-ip-owners.ts';
import { type NamedTargetPort, readNamedTargetPorts } from './named-target-ports.ts';
import { findNodePortConflicts, type NodePortConflict } from './node-port-claims.ts';
import { type PodSelection, selectCandidates } from './pod-selection.ts';
import { findRepetitions, type Repetition } from './repetitions.ts';
import { indexServices, type ServiceView } from './service-index.ts';
import type { UnknownPods } from './unknown-pods.ts';

/** A cluster as the rules across objects look at it: who belongs to whom. Made once, for all of them. */
export interface ClusterView {
  /** Every Service once: of those with one name, only the first. */
  readonly services: readonly ServiceView[];
  readonly serviceOf: (namespace: string, name: string) => Service | undefined;
  readonly serviceNames: (namespace: string) => readonly string[];
  readonly backendRefs: readonly BackendRef[];
  /** Slices that hold endpoints, but belong to no Service. */
  readonly orphans: readonly EndpointSlice[];
  readonly repetitions: readonly Repetition[];
  readonly pods: PodSelection;
  readonly unknownPods: UnknownPods;
  /** Those of Services that select pods, with what the pods make of them. */
  readonly namedTargetPorts: readonly NamedTargetPort[];
  readonly clusterIPs: ClusterIPOwners;
  readonly nodePortConflicts: readonly NodePortConflict[];
  readonly addressConflicts: readonly AddressConflict[];
}

/** Takes time linear in the number of objects, and in what selectors match. */
export function viewCluster(
  cluster: Cluster,
  { unknownPods, unread }: { readonly unknownPods: UnknownPods; readonly unread: readonly Manifest[] },
): ClusterView {
  const { services, byNamespace, orphans } = indexServices(cluster);
  const exposed = services.filter(({ service }) => isExternallyAccessible(service.type, service.externalIPs));
  const pods = selectCandidates(cluster, services);
  return {
    services,
    serviceNames: (namespace) => [...(byNamespace.get(namespace)?.keys() ?? [])],
    backendRefs: findBackendRefs(unread),
    serviceOf: (namespace, name) => byNamespace.get(namespace)?.get(name)?.service,
    orphans,
    repetitions: findRepetitions(cluster),
    pods,
    unknownPods,
    namedTargetPorts: readNamedTargetPorts(services, pods),
    clusterIPs: findClusterIPOwners(services),
    nodePortConflicts: findNodePortConflicts(exposed),
    addressConflicts: findAddressConflicts(services, exposed),
  };
}
