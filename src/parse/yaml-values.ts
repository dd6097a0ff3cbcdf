import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { JsonValue } from '../model/json.ts';
import { duplicateKey } from './duplicate-keys.ts';
import { isMergeKey } from './merge-key.ts';
import { resolvePlainScalar } from './plain-scalar.ts';
import { type Problem, UnreadableDocument } from './problem.ts';
import { resolveTaggedScalar } from './tagged-scalar.ts';
import { rangeOf } from './yaml-places.ts';

const MAX_DEPTH = 100;

/** Values that aliases stand for, in all: a manifest has some hundreds, a bomb has billions. */
const MAX_EXPANSION = 1_000_000;

/** What is known while one document is converted. */
interface Conversion {
  /** Where the document's text stands in its file. */
  readonly start: number;
  /** Values by anchor, with the number of values in them. */
  readonly anchors: Map<string, { readonly value: JsonValue; readonly size: number }>;
  readonly problems: Problem[];
  size: number;
  expansion: number;
}

/**
 * What a document's nodes mean to Kubernetes (sigs.k8s.io/yaml: YAML 1.1, then JSON): keys become strings, the last of
 * equal keys counts, maps behind `<<` are merged, aliases stand for their anchors' values.
 * @throws UnreadableDocument for what JSON can't hold, and for what would take too much of it
 */
export function convertNode(
  node: Node | null,
  start: number,
): { readonly value: JsonValue; readonly problems: readonly Problem[] } {
  const conversion: Conversion = { start, anchors: new Map(), problems: [], size: 0, expansion: 0 };
  return { value: convert(node, 0, conversion), problems: conversion.problems };
}

function convert(node: unknown, depth: number, conversion: Conversion): JsonValue {
  if (depth > MAX_DEPTH)
    throw unreadable(
      'nesting-depth',
      `the document is nested deeper than ${MAX_DEPTH} levels`,
      node,
      conversion,
    );
  if (isAlias(node)) return expandAlias(node.source, node, conversion);
  const sizeBefore = conversion.size;
  conversion.size += 1;
  const value = convertOwn(node, depth, conversion);
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
    conversion.anchors.set(node.anchor, { value, size: conversion.size - sizeBefore });
  }
  return value;
}

function convertOwn(node: unknown, depth: number, conversion: Conversion): JsonValue {
  if (isMap(node)) return convertMap(node, depth, conversion);
  if (isSeq(node)) return node.items.map((item) => convert(item, depth + 1, conversion));
  if (isScalar(node)) return convertScalar(node, conversion);
  return null;
}

function convertScalar(node: Scalar, conversion: Conversion): JsonValue {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
  const value = node.tag === undefined ? untagged(node, text) : resolveTaggedScalar(node.tag, text);
  if (value !== undefined) return value;
  throw unreadable(
    'yaml-value',
    `${JSON.stringify(text)} is not a value that JSON can hold`,
    node,
    conversion,
  );
}

function untagged(node: Scalar, text: string): JsonValue | undefined {
  return node.type === 'PLAIN' ? resolvePlainScalar(text) : text;
}

function expandAlias(anchor: string, node: unknown, conversion: Conversion): JsonValue {
  const target = conversion.anchors.get(anchor);
  if (target === undefined) {
    throw unreadable(
      'yaml-syntax',
      `the alias *${anchor} stands for nothing: no anchor before it has this name`,
      node,
      conversion,
    );
  }
  conversion.size += target.size;
  conversion.expansion += target.size;
  if (conversion.expansion <= MAX_EXPANSION) return target.value;
  throw unreadable(
    'alias-expansion',
    `aliases of this document stand for more than ${MAX_EXPANSION} values`,
    node,
    conversion,
  );
}

function convertMap(node: YAMLMap, depth: number, conversion: Conversion): JsonValue {
  const own = new Map<string, JsonValue>();
  const merged = new Map<string, JsonValue>();
  const keys = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    if (isMergeKey(key)) {
      mergeInto(merged, convert(value, depth + 1, conversion), value, conversion);
      continue;
    }
    const name = keyName(key, depth, conversion);
    noteDuplicate(name, key, keys, conversion);
    own.set(name, convert(value, depth + 1, conversion));
  }
  return toObject(
    [...merged].filter(([name]) => !own.has(name)),
    own,
  );
}

/** Own properties whatever their names are: `__proto__` too. */
function toObject(...parts: readonly Iterable<readonly [string, JsonValue]>[]): JsonValue {
  return Object.fromEntries(parts.flatMap((part) => [...part]));
}

/** Entries of merged maps give way to the map's own, and of several the first counts. */
function mergeInto(
  merged: Map<string, JsonValue>,
  value: JsonValue,
  node: unknown,
  conversion: Conversion,
): void {
  const sources: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  for (const source of sources) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      throw unreadable('yaml-value', 'only maps can be merged with <<', node, conversion);
    }
    for (const [name, each] of Object.entries(source)) if (!merged.has(name)) merged.set(name, each);
  }
}

function keyName(key: unknown, depth: number, conversion: Conversion): string {
  const value = convert(key, depth + 1, conversion);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw unreadable(
    'yaml-value',
    `a key must be a string, not ${value === null ? 'null' : 'a list or a map'}`,
    key,
    conversion,
  );
}

function noteDuplicate(name: string, key: unknown, keys: Map<string, unknown>, conversion: Conversion): void {
  const first = keys.get(name);
  keys.set(name, first ?? key);
  if (first === undefined) return;
  conversion.problems.push(
    duplicateKey(name, rangeOf(key, conversion.start), rangeOf(first, conversion.start)),
  );
}

function unreadable(
  code: Problem['code'],
  message: string,
  node: unknown,
  { start }: Conversion,
): UnreadableDocument {
  return new UnreadableDocument({ code, severity: 'error', message, range: rangeOf(node, start) });
}
