import { podsNamed, SYNTHESIZE, unclearPod, unknownNode } from '../explain/clients.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Fault, Selector, SubjectWords } from './expectation.ts';

/** The pods that a selector means: of whatever namespace, if it names none. */
export function selectPods(
  { pods, nodes }: Cluster,
  { labels, namespace, node, zone }: Omit<Selector, 'of'>,
): readonly Pod[] {
  const zones = new Map(nodes.map((each) => [each.name, each.zone]));
  return pods.filter(
    (pod) =>
      (namespace === undefined || pod.namespace === namespace) &&
      (node === undefined || pod.nodeName === node) &&
      (zone === undefined || (pod.nodeName !== undefined && zones.get(pod.nodeName) === zone)) &&
      hasLabels(pod.labels, labels),
  );
}

/** The names of the nodes that a selector means: of Node objects, for others have neither labels nor zones. */
export function selectNodes({ nodes }: Cluster, { labels, node, zone }: Selector): readonly string[] {
  return nodes
    .filter(
      (each) =>
        (node === undefined || each.name === node) &&
        (zone === undefined || each.zone === zone) &&
        hasLabels(each.labels, labels),
    )
    .map(({ name }) => name);
}

/** What a subject means. */
export interface Selected {
  readonly pods: readonly Pod[];
  readonly nodes: readonly string[];
}

/** Finds pods and nodes by name or by what they have in common. `known` are the nodes that the input speaks of. */
export function selectSubject(subject: SubjectWords, cluster: Cluster, known: readonly string[]): Selected {
  switch (subject.kind) {
    case 'pod': {
      const named = podsNamed(cluster.pods, subject);
      const isUnclear = subject.namespace === undefined && named.length > 1;
      return { pods: isUnclear ? [] : named, nodes: [] };
    }
    case 'node':
      return { pods: [], nodes: known.filter((name) => name === subject.name) };
    case 'selected':
      return subject.selector.of === 'pods'
        ? { pods: selectPods(cluster, subject.selector), nodes: [] }
        : { pods: [], nodes: selectNodes(cluster, subject.selector) };
  }
}

/** What a subject may be, as far as the input tells. */
interface Known {
  readonly cluster: Cluster;
  readonly nodes: readonly (string | undefined)[];
}

/** Nothing is like a subject. */
export function unknownSubject(subject: SubjectWords, { cluster, nodes }: Known): Fault {
  if (subject.kind === 'node') return unknownNode(subject.name, nodes);
  if (subject.kind === 'pod') return unclearPod(subject, cluster);
  const message = `the selector matches no ${subject.selector.of}`;
  const lacksPods = cluster.pods.length === 0 && cluster.workloads.length > 0;
  return lacksPods && subject.selector.of === 'pods' ? { message, hint: SYNTHESIZE } : { message };
}
