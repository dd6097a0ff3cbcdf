import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { listNames } from '../diagnostic/report.ts';
import { podsNamed, SYNTHESIZE, unclearPod, unknownNode } from '../explain/connection/name-faults.ts';
import { hasLabels } from '../kubernetes/selectors.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Fault, Selector, SubjectWords } from './expectation.ts';

/** The pods that a selector means: of whatever namespace, if it names none. */
export function selectPods(
  { pods, nodes }: Pick<Cluster, 'pods' | 'nodes'>,
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
  return subject.kind === 'pod' ? unclearPod(subject, cluster) : unmatched(subject.selector, cluster);
}

/** Nothing is like a selector: what is near, as far as one label tells. */
export function unmatched(selector: Selector, cluster: Cluster): Fault {
  const { of, labels, namespace } = selector;
  const inside = of === 'pods' && namespace !== undefined ? ` of namespace ${JSON.stringify(namespace)}` : '';
  const message = `the selector matches no ${of}${inside}`;
  const lacksPods = cluster.pods.length === 0 && cluster.workloads.length > 0;
  if (lacksPods && of === 'pods') return { message, hint: SYNTHESIZE };
  const near = of === 'nodes' ? cluster.nodes : selectPods(cluster, { ...selector, labels: {} });
  const wrong = Object.entries(labels).find(([key, value]) =>
    near.every((each) => each.labels[key] !== value),
  );
  if (near.length === 0 || wrong === undefined) return { message };
  const [key, value] = wrong;
  const values = new Set(near.flatMap((each) => each.labels[key] ?? []));
  if (values.size === 0) return { message, hint: `none of them has the label ${JSON.stringify(key)}` };
  const meant = didYouMean(value, values);
  const known = listNames([...values].sort().map((each) => JSON.stringify(each)));
  const hint = meant === undefined ? `${key} is one of ${known}` : `did you mean ${key}: ${meant}?`;
  return { message, hint };
}
