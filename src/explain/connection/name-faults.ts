import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { listNames } from '../../diagnostic/report.ts';
import { hasLabels } from '../../kubernetes/selectors.ts';
import { type Cluster, objectKey, type Pod, type Workload } from '../../model/cluster.ts';
import type { PodName } from './parse-client.ts';

/** What is wrong with a name, and what to do. */
export interface NameFault {
  readonly message: string;
  readonly hint: string;
}

/** What to do where workloads have no pods. */
export const SYNTHESIZE = '--synthesize-pods makes pods of the workloads in the input';

/** The pods that a name means. Without a namespace, that is the one in `default`, else all of that name. */
export function podsNamed(pods: readonly Pod[], { namespace, name }: PodName): readonly Pod[] {
  const alike = pods.filter((pod) => pod.name === name);
  const own = alike.filter((pod) => pod.namespace === (namespace ?? 'default'));
  return namespace === undefined && own.length === 0 ? alike : own;
}

/** No pod has this name, or several have. */
export function unclearPod(wanted: PodName, { pods, workloads, nodes }: Cluster): NameFault {
  const name =
    wanted.namespace === undefined ? wanted.name : objectKey({ ...wanted, namespace: wanted.namespace });
  const found = podsNamed(pods, wanted);
  if (found.length > 1)
    return {
      message: `there are several pods ${name}`,
      hint: `name one of ${listNames(found.map(objectKey))}`,
    };
  const message = `there is no pod ${name} in the input`;
  const elsewhere = pods.filter((pod) => pod.name === wanted.name);
  const isNode = wanted.namespace === undefined && nodes.some((node) => node.name === wanted.name);
  if (found.length === 0 && OUTSIDERS.has(name)) return { message, hint: 'did you mean outside?' };
  if (isNode) return { message, hint: `did you mean node ${wanted.name}?` };
  if (elsewhere.length > 0) return { message, hint: `did you mean ${listNames(elsewhere.map(objectKey))}?` };
  const workload = workloads.find((each) => isWorkload(each, wanted));
  if (workload !== undefined) return { message, hint: podsOfWorkload(workload, pods) };
  if (pods.length === 0 && workloads.length > 0) return { message, hint: SYNTHESIZE };
  return withNear(message, name, pods.map(objectKey));
}

/** What people call somebody outside. */
const OUTSIDERS: ReadonlySet<string> = new Set([
  'internet',
  'external',
  'world',
  'client',
  'anywhere',
  'anybody',
  'any',
]);

/** `shop/front`, `front`, `deployment/front`. */
function isWorkload({ kind, namespace, name }: Workload, wanted: PodName): boolean {
  const place = wanted.namespace ?? namespace;
  const isKind = place.length >= 3 && kind.toLowerCase().startsWith(place);
  return name === wanted.name && (place === namespace || isKind);
}

function podsOfWorkload({ kind, name, namespace, template }: Workload, pods: readonly Pod[]): string {
  const own = pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, template.labels));
  const what = `${namespace}/${name} is a ${kind}`;
  if (own.length === 0) return `${what} without pods in the input: ${SYNTHESIZE}`;
  return `${what}: name a pod of it, like ${listNames(own.slice(0, 3).map(objectKey))}`;
}

/** No node has this name. */
export function unknownNode(name: string, nodes: readonly (string | undefined)[]): NameFault {
  const known = nodes.flatMap((node) => node ?? []);
  return withNear(`there is no node ${name} in the input`, name, known);
}

function withNear(message: string, name: string, known: readonly string[]): NameFault {
  const near = didYouMean(name, known);
  const all = known.length === 0 ? 'there are none' : `there are ${listNames(known)}`;
  return { message, hint: near === undefined ? all : `did you mean ${near}?` };
}
