import type { ControllerEndpoint, IPFamily, ObjectReference, Pod, Service } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { TopologyHints } from './topology-hints.ts';

const NO_NAMES: readonly string[] = [];

/** What a service's slices say of each of its pods, apart from the pod itself. */
export interface SliceContext {
  readonly service: Service;
  /** Zones by name of node. */
  readonly zones: ReadonlyMap<string, string>;
  readonly hints: TopologyHints;
}

/** Whether a pod can serve at all: it has an address, and its containers have not ended for good. */
export function isServingCandidate(pod: Pod): boolean {
  return pod.podIPs.length > 0 && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';
}

/** The host name that a service gives a pod: that of its spec, if its subdomain is the service's name. */
export function hostnameIn(service: Service, pod: Pod): string | undefined {
  if (pod.hostname === undefined || pod.hostname === '') return undefined;
  return pod.subdomain === service.name && pod.namespace === service.namespace ? pod.hostname : undefined;
}

/** How endpoints refer to their pod. */
export function podReference({ namespace, name, uid }: Pod): ObjectReference {
  return { kind: 'Pod', namespace, name, uid };
}

/** The addresses of a pod in one family, in the pod's order. */
export function addressesOf(pod: Pod, family: IPFamily): readonly string[] {
  const only = pod.podIPs.length === 1 ? pod.podIPs[0] : undefined;
  if (only !== undefined) return familyOf(only) === family ? pod.podIPs : NO_NAMES;
  return pod.podIPs.filter((ip) => familyOf(ip) === family);
}

/**
 * A pod as an endpoint of a slice (`podToEndpoint`, k8s.io/endpointslice 0.34). A pod that is being deleted is never
 * ready, unless the service publishes addresses that are not; it still counts as serving while its probe says so.
 */
export function toSliceEndpoint(
  pod: Pod,
  addresses: readonly string[],
  context: SliceContext,
): ControllerEndpoint {
  const { service, zones, hints } = context;
  const nodeName = pod.nodeName === '' ? undefined : pod.nodeName;
  const zone = nodeName === undefined ? undefined : zones.get(nodeName);
  const ready = service.publishNotReadyAddresses || (pod.isReady && !pod.isTerminating);
  return {
    addresses,
    ready,
    serving: pod.isReady,
    terminating: pod.isTerminating,
    hostname: hostnameIn(service, pod),
    nodeName,
    zone,
    zoneHints: ready && hints.zones && zone !== undefined ? [zone] : NO_NAMES,
    nodeHints: ready && hints.nodes && nodeName !== undefined ? [nodeName] : NO_NAMES,
    targetRef: podReference(pod),
  };
}
