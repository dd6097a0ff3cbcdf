import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { count, listNames } from '../../diagnostic/report.ts';
import { formatSelector, hasLabels, nearestByLabels } from '../../kubernetes/selectors.ts';
import { hasSelector } from '../../kubernetes/services.ts';
import {
  type Cluster,
  objectKey,
  type Pod,
  type Service,
  type ServicePortSpec,
  type Workload,
} from '../../model/cluster.ts';
import type { ServicePort } from '../../model/node-state.ts';
import { isServingCandidate } from '../../resolve/controllers/pod-endpoint.ts';
import { SYNTHESIZE } from '../connection/name-faults.ts';

/** Why nobody, whatever the node and the client, gets a connection of a Service; undefined: somebody does, or manifests do not tell. */
export function lackOf(servicePort: ServicePort, cluster: Cluster): string | undefined {
  return servicePort.internal.kind === 'reject' ? whyNoEndpoints(servicePort, cluster) : undefined;
}

/**
 * Why a port of a Service has no endpoint, as manifests tell: the beginning of the chain that ends with a refusal on nodes.
 * Sources are asked in the order in which endpoints come of them: EndpointSlices, Endpoints, pods.
 * @returns the end of a sentence; undefined: manifests do not tell
 */
function whyNoEndpoints(
  { name, protocol, port }: Pick<ServicePort, 'name' | 'protocol' | 'port'>,
  cluster: Cluster,
): string | undefined {
  const isSame = (each: { readonly namespace: string; readonly name: string }) =>
    each.namespace === name.namespace && each.name === name.name;
  const service = cluster.services.find(isSame);
  const spec = service?.ports.find((each) => each.port === port && each.protocol === protocol);
  if (service === undefined || spec === undefined) return undefined;
  const slices = cluster.endpointSlices.filter(
    (slice) => slice.namespace === name.namespace && slice.serviceName === name.name,
  );
  if (slices.length > 0) {
    const found = slices.flatMap(({ endpoints }) => endpoints);
    return ofGiven(
      'EndpointSlices',
      found.length,
      slices.flatMap(({ ports }) => ports),
      spec,
    );
  }
  const endpoints = cluster.endpoints.find(isSame);
  if (endpoints !== undefined) {
    const { subsets } = endpoints;
    const total = subsets.flatMap((each) => [...each.addresses, ...each.notReadyAddresses]).length;
    return ofGiven(
      'Endpoints',
      total,
      subsets.flatMap(({ ports }) => ports),
      spec,
    );
  }
  return hasSelector(service)
    ? ofPods(service, spec, cluster)
    : 'it has neither a selector nor an EndpointSlice';
}

/** Of endpoints that somebody has written. */
function ofGiven(
  what: string,
  total: number,
  ports: readonly { readonly name: string }[],
  { name }: ServicePortSpec,
): string {
  if (total === 0) return `the ${what} in the input are empty`;
  const names = [...new Set(ports.map((port) => port.name))];
  if (names.includes(name)) return `the ${what} have ${count(total, 'endpoint')}, and none is ready`;
  const others = listNames(names.map(quotePort));
  return `the ${what} have no port ${quotePort(name)}${names.length === 0 ? '' : `, but ${others}`}`;
}

function quotePort(name: string): string {
  return name === '' ? 'without a name' : JSON.stringify(name);
}

function ofPods(service: Service, spec: ServicePortSpec, { pods, workloads }: Cluster): string | undefined {
  const { namespace, selector } = service;
  const selected = pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, selector));
  if (selected.length > 0) return ofSelected(selected, spec);
  const wanted = `selector ${formatSelector(selector)} matches no pod`;
  const maker = workloads.find(
    ({ namespace: own, template }) => own === namespace && hasLabels(template.labels, selector),
  );
  if (maker !== undefined)
    return `${wanted} in the input, but the template of ${labelOf(maker)}: ${SYNTHESIZE}`;
  const elsewhere = pods.find((pod) => hasLabels(pod.labels, selector));
  if (elsewhere !== undefined)
    return `${wanted} of namespace ${namespace}, and ${labelOf(elsewhere)} is in another`;
  const near = nearestByLabels(
    selector,
    [...pods, ...workloads].filter((each) => each.namespace === namespace),
    labelsOf,
  );
  return near === undefined ? wanted : `${wanted}, but ${labelOf(near.item)} ${near.difference}`;
}

function labelsOf(each: Pod | Workload): Pod['labels'] {
  return 'template' in each ? each.template.labels : each.labels;
}

function labelOf(each: Pod | Workload): string {
  return `${'template' in each ? each.kind : 'pod'} ${objectKey(each)}`;
}

/** Of pods that the selector matches. */
function ofSelected(selected: readonly Pod[], { targetPort, protocol }: ServicePortSpec): string | undefined {
  const alive = selected.filter(isServingCandidate);
  const [first] = selected;
  if (first === undefined) return undefined;
  if (alive.length === 0) return `${ofAll(selected)} an address: ${objectKey(first)} is ${first.phase}`;
  const ports = alive.flatMap(({ containerPorts }) => containerPorts);
  const isThere = ports.some((each) => each.name === targetPort && each.protocol === protocol);
  if (typeof targetPort === 'string' && !isThere) {
    const known = [...new Set(ports.flatMap((each) => (each.name === '' ? [] : each.name)))];
    const near = didYouMean(targetPort, known);
    const hint =
      near === undefined ? `they have ${listNames(known)}` : `did you mean ${JSON.stringify(near)}?`;
    const what = `none of the pods has a ${protocol} port named ${JSON.stringify(targetPort)}`;
    return known.length === 0 ? what : `${what} (${hint})`;
  }
  const unready = alive.filter(({ isReady, isTerminating }) => !isReady && !isTerminating);
  const names = listNames(unready.map(objectKey));
  if (unready.length === 1) return `its only pod, ${names}, is not ready`;
  if (unready.length > 1) return `none of the ${unready.length} pods is ready: ${names}`;
  return `the pods are being deleted: ${listNames(alive.map(objectKey))}`;
}

function ofAll(pods: readonly Pod[]): string {
  return pods.length === 1 ? 'the only pod does not have' : `none of the ${pods.length} pods has`;
}
