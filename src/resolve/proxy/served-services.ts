import { indexByLabels, selectByLabels } from '../../kubernetes/selectors.ts';
import { type Cluster, objectKey, type Pod, type Service, type SliceEndpoint } from '../../model/cluster.ts';
import { isServingCandidate } from '../controllers/pod-endpoint.ts';

/**
 * The Services that have an endpoint to send traffic to, on whatever node: endpoints come from where `sliceLookup` has them
 * from, but no slices are made for that.
 */
export function servedServices(cluster: Cluster): readonly Service[] {
  // By namespace, then by name: of ten thousand Services it takes longer to put keys together than to look them up.
  const slices = new Map<string, Map<string, boolean>>();
  for (const { namespace, serviceName, endpoints } of cluster.endpointSlices) {
    const byName = slices.get(namespace) ?? new Map<string, boolean>();
    if (byName.size === 0) slices.set(namespace, byName);
    byName.set(serviceName, byName.get(serviceName) === true || endpoints.some(takesTraffic));
  }
  const objects = new Map(
    cluster.endpoints.map((object) => [
      objectKey(object),
      object.subsets.some(({ addresses }) => addresses.length > 0),
    ]),
  );
  const hasPods = podTest(cluster);
  return cluster.services.filter((service) => {
    const hasSlices = slices.get(service.namespace)?.get(service.name);
    return hasSlices ?? objects.get(objectKey(service)) ?? hasPods(service);
  });
}

/** Ready, or on its way out and still serving (pkg/proxy/topology.go, CategorizeEndpoints). */
function takesTraffic({ ready, serving, terminating }: SliceEndpoint): boolean {
  return ready || (serving && terminating);
}

function podTest({ services, pods }: Cluster): (service: Service) => boolean {
  if (pods.length === 0) return () => false;
  const index = indexByLabels(services, pods, ({ labels }) => labels);
  const isServing = (pod: Pod, service: Service) =>
    isServingCandidate(pod) && (pod.isReady || service.publishNotReadyAddresses);
  return (service) => selectByLabels(index, service).some((pod) => isServing(pod, service));
}
