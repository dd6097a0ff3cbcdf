import { type Alias, isAlias, isMap, isNode, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { NO_CHILDREN, type Place, type Range } from '../place.ts';
import { isMergeKey, keyName } from './resolve-scalar.ts';

/** A place whose children can be gone through: others merge them. */
interface YamlPlace extends Place {
  readonly children: () => ReadonlyMap<string | number, YamlPlace>;
}

interface Context {
  /** Where the document's text stands in its file. */
  readonly start: number;
  /** What anchors stand for at this point of the document. */
  readonly anchors: Map<string, YamlPlace>;
}

/**
 * Places of a document that the general parser has read. Aliases and merged keys lead to where their values are
 * written. No node is kept: they take much more memory than places.
 */
export function yamlPlace(root: Node | null, start: number): Place {
  return placeOf(root, undefined, { start, anchors: new Map() });
}

function placeOf(node: unknown, key: Range | undefined, context: Context): YamlPlace {
  if (isAlias(node)) return aliasPlace(node, key, context);
  const range = isNode(node) ? rangeOf(node, context.start) : emptyRange(key, context);
  const children = childrenOf(node, context);
  const isBlock = (isMap(node) || isSeq(node)) && node.flow !== true && key !== undefined;
  const place = { ...range, key, isBlock, children: () => children };
  if (isNode(node) && node.anchor !== undefined) context.anchors.set(node.anchor, place);
  return place;
}

/** The anchor's place, but for the key. */
function aliasPlace(alias: Alias, key: Range | undefined, context: Context): YamlPlace {
  const target = context.anchors.get(alias.source);
  const children = NO_CHILDREN;
  if (target === undefined)
    return { ...rangeOf(alias, context.start), key, isBlock: false, children: () => children };
  return { ...target, key, isBlock: false };
}

function emptyRange(key: Range | undefined, { start }: Context): Range {
  const position = key?.end ?? start;
  return { start: position, end: position };
}

function childrenOf(node: unknown, context: Context): ReadonlyMap<string | number, YamlPlace> {
  if (isSeq(node))
    return new Map(node.items.map((item, index) => [index, placeOf(item, undefined, context)]));
  return isMap(node) ? entryPlaces(node, context) : NO_CHILDREN;
}

/** In the order in which the values are set: the last one counts. */
function entryPlaces(node: YAMLMap, context: Context): ReadonlyMap<string, YamlPlace> {
  const places = new Map<string, YamlPlace>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? keyName(key) : undefined;
    const keyRange = rangeOf(key, context.start);
    const place = placeOf(value, isMergeKey(key) ? undefined : keyRange, context);
    if (isMergeKey(key)) for (const [each, merged] of mergedPlaces(value, place)) places.set(each, merged);
    else if (name !== undefined) places.set(name, place);
  }
  return places;
}

function mergedPlaces(value: unknown, place: YamlPlace): [string, YamlPlace][] {
  const sources = isSeq(value) ? [...place.children().values()].reverse() : [place];
  return sources
    .flatMap((source) => [...source.children()].map(([name, each]) => [String(name), each] as const))
    .map(([name, each]) => [name, each]);
}

/** The range of a node in its file; `start` is where its document stands. */
export function rangeOf(node: unknown, start: number): Range {
  const [from, to] = (isNode(node) ? node.range : undefined) ?? [0, 1];
  return { start: start + from, end: start + Math.max(to, from) };
}
