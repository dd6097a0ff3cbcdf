import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { isMergeKey } from './merge-key.ts';
import { NO_CHILDREN, type Place, type Range } from './place.ts';
import { resolvePlainScalar } from './plain-scalar.ts';

type Anchors = Map<string, Node>;

/** Places of a document that the general parser has read. Aliases lead to where their values are written. */
export function yamlPlace(root: Node | null, start: number): Place {
  const anchors: Anchors = new Map();
  collectAnchors(root, anchors);
  return placeOf(root, { start, anchors, key: undefined });
}

/** The range of a node in its file; `start` is where its document stands. */
export function rangeOf(node: unknown, start: number): Range {
  const range = isNode(node) ? node.range : undefined;
  const [from, to] = range ?? [0, 1];
  return { start: start + from, end: start + Math.max(to, from) };
}

interface Context {
  readonly start: number;
  readonly anchors: Anchors;
  readonly key: Range | undefined;
}

function placeOf(node: unknown, context: Context): Place {
  const range = isNode(node)
    ? rangeOf(node, context.start)
    : (context.key ?? { start: context.start, end: context.start });
  return {
    ...range,
    key: context.key,
    isBlock: (isMap(node) || isSeq(node)) && node.flow !== true && context.key !== undefined,
    children: () => childrenOf(node, context),
  };
}

function childrenOf(node: unknown, context: Context): ReadonlyMap<string | number, Place> {
  if (isAlias(node)) return childrenOf(context.anchors.get(node.source), context);
  if (isSeq(node)) return itemPlaces(node, context);
  return isMap(node) ? entryPlaces(node, context) : NO_CHILDREN;
}

function itemPlaces(node: YAMLSeq, context: Context): ReadonlyMap<number, Place> {
  return new Map(node.items.map((item, index) => [index, placeOf(item, { ...context, key: undefined })]));
}

function entryPlaces(node: YAMLMap, context: Context): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const merged = new Map<string | number, Place>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? nameOf(key) : undefined;
    if (name === undefined) continue;
    if (isMergeKey(key)) for (const [each, place] of mergedPlaces(value, context)) merged.set(each, place);
    else places.set(name, placeOf(value, { ...context, key: rangeOf(key, context.start) }));
  }
  for (const [name, place] of merged) if (!places.has(String(name))) places.set(String(name), place);
  return places;
}

function mergedPlaces(value: unknown, context: Context): Iterable<[string | number, Place]> {
  if (isAlias(value)) return mergedPlaces(context.anchors.get(value.source), context);
  if (isSeq(value)) return value.items.flatMap((item) => [...mergedPlaces(item, context)]);
  return childrenOf(value, context);
}

/** A key as the converted value has it. */
function nameOf({ value, type }: { readonly value: unknown; readonly type?: unknown }): string {
  const text = typeof value === 'string' ? value : '';
  return type === 'PLAIN' ? String(resolvePlainScalar(text) ?? text) : text;
}

function collectAnchors(node: unknown, anchors: Anchors): void {
  if (isNode(node) && !isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
  if (isSeq(node)) for (const item of node.items) collectAnchors(item, anchors);
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    collectAnchors(key, anchors);
    collectAnchors(value, anchors);
  }
}
