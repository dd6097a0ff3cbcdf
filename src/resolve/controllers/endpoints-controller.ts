import { HEADLESS_LABEL } from '../../kubernetes/labels.ts';
import { hasSelector, isHeadless } from '../../kubernetes/services.ts';
import type {
  EndpointAddress,
  EndpointSubset,
  Endpoints,
  IPFamily,
  Pod,
  Service,
  StringMap,
} from '../../model/cluster.ts';
import { addressesOf, hostnameIn, isServingCandidate, podReference } from './pod-endpoint.ts';
import { familiesOf, withoutKey } from './slice-metadata.ts';
import { repackSubsets, truncateSubsets } from './subsets.ts';
import { groupByPorts } from './target-ports.ts';

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
