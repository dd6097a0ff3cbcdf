import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { StringMap } from '../model/cluster.ts';

/** What selects objects of its namespace by their labels: a Service selects pods. */
export interface Selecting {
  readonly namespace: string;
  readonly selector: StringMap;
}

/** Objects by namespace, label key and label value, in the order given; only pairs that some selector asks for. */
export interface LabelIndex<Item> {
  readonly items: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, readonly Item[]>>>;
  readonly labelsOf: (item: Item) => StringMap;
}

/** Indexes the objects that these selectors can match. Takes time linear in both lists. */
export function indexByLabels<Item extends { readonly namespace: string }>(
  selecting: readonly Selecting[],
  objects: readonly Item[],
  labelsOf: (item: Item) => StringMap,
): LabelIndex<Item> {
  const items = new Map<string, Map<string, Map<string, Item[]>>>();
  if (objects.length === 0) return { items, labelsOf };
  for (const { namespace, selector } of selecting) {
    for (const [key, value] of Object.entries(selector)) {
      const values = getOrAdd(getOrAdd(items, namespace), key);
      if (!values.has(value)) values.set(value, []);
    }
  }
  for (const object of objects) {
    const ofNamespace = items.get(object.namespace);
    if (ofNamespace === undefined) continue;
    const labels = labelsOf(object);
    for (const key of Object.keys(labels))
      ofNamespace
        .get(key)
        ?.get(labels[key] ?? '')
        ?.push(object);
  }
  return { items, labelsOf };
}

/**
 * The objects of a namespace that carry every label of the selector, in their order. An empty selector selects
 * nothing. The index must be made for the selector, or for one that holds it.
 */
export function selectByLabels<Item>(
  { items, labelsOf }: LabelIndex<Item>,
  { namespace, selector }: Selecting,
): readonly Item[] {
  const ofNamespace = items.get(namespace);
  const keys = Object.keys(selector);
  let rarest: readonly Item[] | undefined;
  for (const key of keys) {
    const found = ofNamespace?.get(key)?.get(selector[key] ?? '') ?? [];
    if (rarest === undefined || found.length < rarest.length) rarest = found;
  }
  if (rarest === undefined || keys.length === 1) return rarest ?? [];
  return rarest.filter((item) => hasLabels(labelsOf(item), selector, keys));
}

/** Whether labels hold every pair of a selector. */
export function hasLabels(
  labels: StringMap,
  selector: StringMap,
  keys: readonly string[] = Object.keys(selector),
): boolean {
  for (const key of keys) if (labels[key] !== selector[key]) return false;
  return true;
}

function getOrAdd<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  let inner = map.get(key);
  if (inner === undefined) {
    inner = new Map();
    map.set(key, inner);
  }
  return inner;
}

/** An object that a selector nearly matches. */
export interface NearMiss<Item> {
  readonly item: Item;
  /** `has app=web and has no label tier` */
  readonly difference: string;
}

/**
 * The object with the most labels as a selector wants them, if these are half of them; else one whose label has nearly the value that
 * is wanted. Having some other value of a label that everybody has makes nobody near.
 */
export function nearestByLabels<Item>(
  selector: StringMap,
  items: readonly Item[],
  labelsOf: (item: Item) => StringMap,
): NearMiss<Item> | undefined {
  let nearest: Item | undefined;
  let best = 0;
  for (const item of items) {
    const labels = labelsOf(item);
    const matches = Object.keys(selector).filter((key) => hasLabel(labels, key, selector)).length;
    if (matches <= best) continue;
    nearest = item;
    best = matches;
  }
  const isNear = best * 2 >= Object.keys(selector).length;
  const found = (isNear ? nearest : undefined) ?? items.find((item) => isNearMiss(selector, labelsOf(item)));
  return found === undefined
    ? undefined
    : { item: found, difference: differenceOf(selector, labelsOf(found)) };
}

function hasLabel(labels: StringMap, key: string, selector: StringMap): boolean {
  return Object.hasOwn(labels, key) && labels[key] === selector[key];
}

function isNearMiss(selector: StringMap, labels: StringMap): boolean {
  return Object.entries(selector).some(
    ([key, value]) =>
      Object.hasOwn(labels, key) &&
      labels[key] !== value &&
      didYouMean(value, [labels[key] ?? '']) !== undefined,
  );
}

function differenceOf(selector: StringMap, labels: StringMap): string {
  const differing = Object.keys(selector).filter((key) => !hasLabel(labels, key, selector));
  const present = differing.filter((key) => Object.hasOwn(labels, key)).map((key) => `${key}=${labels[key]}`);
  const missing = differing.filter((key) => !Object.hasOwn(labels, key));
  const parts = [
    ...(present.length > 0 ? [`has ${present.join(', ')}`] : []),
    ...(missing.length > 0 ? [`has no label ${missing.join(', ')}`] : []),
  ];
  return parts.join(' and ');
}

/** `app=web,tier=front` */
export function formatSelector(selector: StringMap): string {
  return Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
