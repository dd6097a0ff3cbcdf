import type { Pod, StringMap } from '../../model/cluster.ts';

/** Pods by namespace, label key and label value; only pairs that some selector asks for. In the pods' own order. */
export type PodIndex = ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, readonly Pod[]>>>;

type MutablePodIndex = Map<string, Map<string, Map<string, Pod[]>>>;

const NO_PODS: readonly Pod[] = [];

/** What selects pods of its namespace: a Service, for one. */
export interface Selecting {
  readonly namespace: string;
  readonly selector: StringMap;
}

/** Indexes the pods that these selectors can match. Takes time linear in both lists. */
export function indexPods(selecting: readonly Selecting[], pods: readonly Pod[]): PodIndex {
  const index: MutablePodIndex = new Map();
  for (const { namespace, selector } of selecting) addSelector(index, namespace, selector);
  for (const pod of pods) {
    const ofNamespace = index.get(pod.namespace);
    if (ofNamespace === undefined) continue;
    for (const key of Object.keys(pod.labels)) ofNamespace.get(key)?.get(labelOf(pod, key))?.push(pod);
  }
  return index;
}

/**
 * The pods of a namespace that carry every label of the selector, in the order of the list that was indexed.
 * An empty selector selects nothing. The selector must be one that the index was made for.
 */
export function selectPods(index: PodIndex, namespace: string, selector: StringMap): readonly Pod[] {
  const ofNamespace = index.get(namespace);
  const keys = Object.keys(selector);
  let smallest: readonly Pod[] | undefined;
  for (const key of keys) {
    const bucket = ofNamespace?.get(key)?.get(selector[key] ?? '') ?? NO_PODS;
    if (smallest === undefined || bucket.length < smallest.length) smallest = bucket;
  }
  if (smallest === undefined) return NO_PODS;
  if (keys.length === 1) return smallest;
  return smallest.filter((pod) => hasLabels(pod.labels, selector, keys));
}

/** Whether labels hold every pair of a selector. `keys` are the selector's. */
function hasLabels(labels: StringMap, selector: StringMap, keys: readonly string[]): boolean {
  for (const key of keys) if (labels[key] !== selector[key]) return false;
  return true;
}

function addSelector(index: MutablePodIndex, namespace: string, selector: StringMap): void {
  for (const [key, value] of Object.entries(selector)) {
    const ofNamespace = getOrAdd(index, namespace);
    const ofKey = getOrAdd(ofNamespace, key);
    if (!ofKey.has(value)) ofKey.set(value, []);
  }
}

function getOrAdd<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}

function labelOf(pod: Pod, key: string): string {
  return pod.labels[key] ?? '';
}
