import { dump } from 'js-yaml';
import type { JsonObject } from '../../src/model/json.ts';

/** Objects of some hundred bytes and up to `longest` more, with text that looks like the borders between objects. */
export function manyObjects(count: number, longest = 200): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: index % 3 === 0 ? 'Service' : 'ConfigMap',
    metadata: {
      name: `object-${index}`,
      namespace: 'default',
      annotations: {
        note: `größer\n---\n- apiVersion: v1\n        },\n        {\n${'x'.repeat(index % longest)}`,
      },
    },
    ...(index % 3 === 0
      ? {
          spec: {
            clusterIP: `10.96.${index >> 8}.${index & 255}`,
            ports: [{ port: 80 }],
            selector: { app: 'a' },
          },
        }
      : { data: { 'a.txt': 'one\n\ntwo\n' } }),
  }));
}

const YAML = { lineWidth: -1, quoteStyle: 'double' } as const;

/** A List of such objects, as tools print it. */
export const LARGE_TEXTS: Readonly<Record<string, (items: readonly JsonObject[]) => string>> = {
  'JSON of kubectl': (items) => JSON.stringify(listOf(items), undefined, 4),
  'JSON of jq': (items) => `${JSON.stringify({ kind: 'List', ...listOf(items) }, undefined, 2)}\n`,
  'JSON without white space': (items) => JSON.stringify(listOf(items)),
  'JSON of the API server': (items) => JSON.stringify(typedListOf(items)),
  'the same, printed by jq': (items) => JSON.stringify(typedListOf(items), undefined, 2),
  'YAML of kubectl': (items) => dump(listOf(items), { ...YAML, seqNoIndent: true }),
  'YAML with lists deeper than their key': (items) => dump(listOf(items), YAML),
  'YAML documents': (items) => items.map((item) => dump(item, YAML)).join('---\n'),
  'YAML documents of helm': (items) =>
    items.map((item) => `---\n# Source: a.yaml\n${dump(item, YAML)}`).join(''),
};

function listOf(items: readonly JsonObject[]): JsonObject {
  return { apiVersion: 'v1', items: [...items], kind: 'List', metadata: { resourceVersion: '' } };
}

function typedListOf(items: readonly JsonObject[]): JsonObject {
  return {
    kind: 'ServiceList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '4711' },
    items: items.map(({ kind: _kind, apiVersion: _version, ...item }) => item),
  };
}
