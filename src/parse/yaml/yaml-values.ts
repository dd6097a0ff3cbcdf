import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from 'yaml';
import type { Collector } from '../../diagnostic/collector.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { type AliasBudget, aliasProblem, exceedsBudget } from '../limits.ts';
import {
  createProblemCollector,
  duplicateKey,
  overriddenKey,
  type Problem,
  quote,
  type RepeatedKey,
} from '../problem.ts';
import { isMergeKey, keyName, resolveScalar } from './resolve-scalar.ts';
import { rangeOf } from './yaml-places.ts';

/** What an anchor stands for, and how many values that is; `open` while these are being read. */
type Anchored = { readonly value: JsonValue; readonly size: number } | 'open';

/** What is known while one document is converted. */
interface Conversion {
  /** Where the document's text stands in its file. */
  readonly start: number;
  readonly anchors: Map<string, Anchored>;
  readonly problems: Collector<Problem>;
  readonly budget: AliasBudget;
  /** Aliases stand for too much: the rest is not looked at, since the value is of no use, and to build it may take seconds. */
  isRefused: boolean;
  /** Of the value that is being converted. */
  readonly path: (string | number)[];
}

/**
 * What a document's nodes mean to Kubernetes (sigs.k8s.io/yaml: go-yaml v2, then JSON): keys become strings, of equal
 * keys the last one counts, `<<` sets the keys of other maps where it stands, aliases are their anchors' values.
 * Values of aliases are shared, not copied. When a problem is an error the value is of no use.
 */
export function convertDocument(
  node: Node | null,
  start: number,
): { readonly value: JsonValue; readonly problems: readonly Problem[] } {
  const budget = { decoded: 0, aliased: 0 };
  const conversion: Conversion = {
    start,
    anchors: new Map(),
    problems: createProblemCollector(),
    budget,
    isRefused: false,
    path: [],
  };
  return { value: convert(node, conversion), problems: conversion.problems.items() };
}

function convert(node: unknown, conversion: Conversion): JsonValue {
  const { anchors, budget } = conversion;
  if (conversion.isRefused) return null;
  budget.decoded += 1;
  if (isAlias(node)) return expandAlias(node, conversion);
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
  if (node.anchor === undefined) return convertOwn(node, conversion);
  const before = budget.decoded - 1;
  anchors.set(node.anchor, 'open');
  const value = convertOwn(node, conversion);
  anchors.set(node.anchor, { value, size: budget.decoded - before });
  return value;
}

function convertOwn(node: unknown, conversion: Conversion): JsonValue {
  if (isMap(node)) return convertMap(node, conversion);
  if (isScalar(node)) return convertScalar(node, conversion);
  if (!isSeq(node)) return null;
  return node.items.map((item, index) => convertAt(index, item, conversion));
}

function convertAt(step: string | number, node: unknown, conversion: Conversion): JsonValue {
  conversion.path.push(step);
  const value = convert(node, conversion);
  conversion.path.pop();
  return value;
}

function convertScalar(node: Scalar, conversion: Conversion): JsonValue {
  const value = resolveScalar(node);
  if (value !== undefined) return value;
  const text = quote(node.source ?? '');
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!');
  if (tag === undefined)
    report(`JSON has no number ${text}`, {
      node,
      conversion,
      hint: 'put it in quotes if it is meant as text',
    });
  else
    report(`${text} is no value of the type ${tag}`, {
      node,
      conversion,
      hint: `remove ${tag}, or correct the value`,
    });
  return null;
}

function expandAlias(node: Alias, conversion: Conversion): JsonValue {
  const { anchors, budget } = conversion;
  const target = anchors.get(node.source);
  if (target === undefined) {
    const message = `the alias *${node.source} stands for nothing: no anchor before it has this name`;
    const hint = `put &${node.source} in front of the value that is meant, or the text in quotes`;
    report(message, { node, conversion, code: 'yaml-syntax', hint });
  } else if (target === 'open') {
    report(`the alias *${node.source} stands for something that it is a part of`, {
      node,
      conversion,
      hint: 'write the value out',
    });
  } else {
    budget.decoded += target.size;
    budget.aliased += target.size;
    if (!exceedsBudget(budget)) return target.value;
    conversion.isRefused = true;
    conversion.problems.add(aliasProblem(rangeOf(node, conversion.start)));
  }
  return null;
}

function convertMap(node: YAMLMap, conversion: Conversion): JsonValue {
  const entries = new Map<string, JsonValue>();
  const keys = new Map<string, unknown>();
  for (const { key, value } of node.items) {
    if (conversion.isRefused) break;
    if (isMergeKey(key)) {
      merge({ key, value, entries, keys }, conversion);
      continue;
    }
    const name = nameOf(key, conversion);
    if (name === undefined) continue;
    noteKey(name, key, keys, conversion);
    entries.set(name, convertAt(name, value, conversion));
  }
  // Own properties, whatever the names are: __proto__ too.
  return Object.fromEntries(entries);
}

function nameOf(key: unknown, conversion: Conversion): string | undefined {
  conversion.budget.decoded += 1;
  if (isAlias(key)) return aliasName(key, conversion);
  if (isScalar(key)) {
    const name = keyName(key);
    if (key.anchor !== undefined) conversion.anchors.set(key.anchor, { value: name ?? null, size: 1 });
    if (name === undefined)
      report(`${quote(key.source ?? '')} can't be a key`, { node: key, conversion, hint: QUOTE_KEY });
    return name;
  }
  report('a key must be a string, not a list, a map or nothing', { node: key, conversion, hint: QUOTE_KEY });
  return undefined;
}

function aliasName(alias: Alias, conversion: Conversion): string | undefined {
  const value = expandAlias(alias, conversion);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (conversion.isRefused) return undefined;
  report('a key must be a string', { node: alias, conversion, hint: 'write the key out' });
  return undefined;
}

interface Merge {
  readonly key: unknown;
  readonly value: unknown;
  readonly entries: Map<string, JsonValue>;
  /** Keys that the map has set itself so far. */
  readonly keys: ReadonlyMap<string, unknown>;
}

/** Of several maps the first counts, so that it is merged last. go-yaml v2 does not spare keys that stand above. */
function merge({ key, value, entries, keys }: Merge, conversion: Conversion): void {
  const converted = convert(value, conversion);
  if (conversion.isRefused) return;
  const isList = isSeq(value) && Array.isArray(converted);
  for (const source of isList ? [...converted].reverse() : [converted]) {
    if (!isJsonObject(source)) {
      report('only maps can be merged with <<', {
        node: value ?? key,
        conversion,
        hint: 'give << an alias of a map, or a list of such aliases',
      });
      return;
    }
    for (const [name, each] of Object.entries(source)) {
      const first = keys.get(name);
      if (first !== undefined)
        conversion.problems.add(overriddenKey(name, repetition(name, { first, again: key }, conversion)));
      entries.set(name, each);
    }
  }
}

function noteKey(name: string, key: unknown, keys: Map<string, unknown>, conversion: Conversion): void {
  const first = keys.get(name);
  if (first === undefined) keys.set(name, key);
  else conversion.problems.add(duplicateKey(name, repetition(name, { first, again: key }, conversion)));
}

function repetition(
  name: string,
  { first, again }: { readonly first: unknown; readonly again: unknown },
  { start, path }: Conversion,
): RepeatedKey {
  return { range: rangeOf(again, start), first: rangeOf(first, start), path: [...path, name] };
}

interface Complaint {
  readonly node: unknown;
  readonly conversion: Conversion;
  readonly code?: Problem['code'];
  readonly hint: string;
}

const QUOTE_KEY = 'put the key in quotes';

function report(message: string, { node, conversion, code = 'yaml-value', hint }: Complaint): void {
  const { problems, start } = conversion;
  problems.add({ code, severity: 'error', message, hint, range: rangeOf(node, start) });
}
