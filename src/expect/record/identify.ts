import { hasLabels } from '../../kubernetes/selectors.ts';
import { objectKey, type Pod, type Service, type StringMap } from '../../model/cluster.ts';
import type { EndpointWords, Selector } from '../expectation.ts';
import type { ReachedEndpoint } from '../reached-ways.ts';
import type { Reaches } from '../wanted.ts';
import type { World } from '../world/world.ts';

/** What tells endpoints from all others. */
type Identity = Pick<Reaches, 'pods' | 'endpoints'>;

/**
 * Ways to say which endpoints connections reach, the best ones first: labels that exactly these pods have of all in their
 * namespace, which outlive the pods; else the endpoints one by one; and, where connections reach different ones, nothing.
 */
export function identify(
  reached: readonly ReachedEndpoint[],
  service: Service,
  world: World,
): readonly Identity[] {
  const known = [...new Set(reached.map(({ ip }) => ip))].map((ip) => ({
    ip,
    pod: podAt(ip, service, world),
  }));
  const pods = new Set(known.flatMap(({ pod }) => pod ?? []));
  const isAllPods = known.every(({ pod }) => pod !== undefined);
  const selectors = isAllPods ? selectorsOf([...pods], service) : [];
  const isExact = (selector: Omit<Selector, 'of'>) => {
    const like = world.podsLike(selector);
    return like.length === pods.size && like.every((pod) => pods.has(pod));
  };
  const selector = selectors.find(isExact);
  const endpoints = known.map(
    ({ ip, pod }): EndpointWords =>
      pod === undefined
        ? { kind: 'address', ip, port: undefined }
        : { kind: 'pod', namespace: pod.namespace, name: pod.name },
  );
  return [
    ...(selector === undefined
      ? []
      : [{ pods: { ...selector, namespace: undefined }, endpoints: undefined }]),
    { pods: undefined, endpoints: distinct(endpoints) },
    { pods: undefined, endpoints: undefined },
  ];
}

/** Of pods that share the address of their node, the one that the Service means. */
function podAt(ip: string, { selector }: Service, { podsAt }: World): Pod | undefined {
  const pods = podsAt(ip);
  return pods.find(({ labels }) => selector !== undefined && hasLabels(labels, selector)) ?? pods[0];
}

/** Selectors that may mean exactly these pods, those that people would choose first: those of all nodes, then of one. */
function selectorsOf(pods: readonly Pod[], service: Service): readonly Omit<Selector, 'of'>[] {
  const [first, ...others] = pods;
  if (first === undefined || pods.some(({ namespace }) => namespace !== service.namespace)) return [];
  const common = Object.entries(first.labels)
    .filter(([key, value]) => others.every(({ labels }) => labels[key] === value))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const own = hasLabels(first.labels, service.selector ?? {}) ? [service.selector ?? {}] : [];
  const labels: readonly StringMap[] = [
    ...own.filter((each) => Object.keys(each).length > 0),
    ...common.map(([key, value]) => ({ [key]: value })),
    Object.fromEntries(common),
  ];
  const node = others.every(({ nodeName }) => nodeName === first.nodeName) ? first.nodeName : undefined;
  const nodes = node === undefined ? [undefined] : [undefined, node];
  return nodes.flatMap((each) =>
    labels.map((some) => ({ labels: some, namespace: service.namespace, node: each, zone: undefined })),
  );
}

/** Sorted by name or address: pods first. */
function distinct(endpoints: readonly EndpointWords[]): readonly EndpointWords[] {
  const keyOf = (words: EndpointWords) =>
    words.kind === 'pod' ? `pod ${objectKey({ ...words, namespace: words.namespace ?? '' })}` : words.ip;
  const byKey = new Map(endpoints.map((each) => [keyOf(each), each]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}
