import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { FieldPath } from '../../src/model/field-path.ts';
import { isJsonObject, type JsonValue } from '../../src/model/json.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { parse } from '../../src/parse/parse.ts';
import { parseText } from '../support/parse-text.ts';
import { shareOf } from '../support/share.ts';
import { plainValues, yamlTexts } from '../support/yaml-texts.ts';

/** Every scalar of a value, by its path. */
function leavesOf(value: JsonValue, path: FieldPath = []): [FieldPath, JsonValue][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (!isJsonObject(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function markedText({ locate }: Manifest, path: FieldPath, at?: 'key'): string {
  const { text, start, length } = locate(path, at).excerpt;
  return text.slice(start, start + length);
}

/** What a marked text stands for, read by itself; undefined where a window or a line's end may have cut it. */
function meaningOf(marked: string): JsonValue | undefined {
  const isWhole = marked.length < 50 && !/^[|>]/.test(marked);
  const [manifest] = isWhole ? parseText(`apiVersion: v1\nkind: A\nx: ${marked}\n`).manifests : [];
  return isJsonObject(manifest?.value) ? manifest.value.x : undefined;
}

const printers: readonly (readonly [string, (value: unknown) => string])[] = [
  ['JSON on one line', (value) => JSON.stringify(value)],
  ['JSON on many lines', (value) => JSON.stringify(value, null, 4)],
  ['YAML', (value) => stringify(value, { version: '1.1' })],
  ['YAML in brackets', (value) => dump(value, { flowLevel: 1, lineWidth: -1 })],
  [
    'YAML for the general reader',
    (value) => `# \t\n${stringify(value, { version: '1.1' })}general: !!str x\n`,
  ],
];

describe('places', () => {
  test.each(printers)('mark what stands there, in %s', (_, print) => {
    let compared = 0;
    fc.assert(
      fc.property(plainValues, (x) => {
        const item = { apiVersion: 'v1', kind: 'A', x };
        const texts = [print({ apiVersion: 'v1', kind: 'List', items: [item, item] }), print(item)];
        for (const manifest of texts.flatMap((text) => parseText(text).manifests)) {
          for (const [path, leaf] of leavesOf(manifest.value)) {
            const meaning = meaningOf(markedText(manifest, path));
            if (meaning === undefined) continue;
            compared += 1;
            expect(meaning).toEqual(leaf);
          }
        }
      }),
      { numRuns: shareOf(150) },
    );
    expect(compared).toBeGreaterThan(shareOf(1000));
  });

  test('exist for any path in any text, and lie within it', () => {
    const steps = fc.oneof(
      fc.nat({ max: 3 }),
      fc.constantFrom('a', 'x', 'kind', '__proto__', 'constructor', ''),
    );
    fc.assert(
      fc.property(yamlTexts, fc.array(steps, { maxLength: 4 }), (text, path) => {
        const whole = `apiVersion: v1\nkind: A\n${text}`;
        const lines = whole.split('\n');
        for (const { locate } of parseText(whole).manifests) {
          const { line, column, excerpt } = locate(path);
          expect(excerpt.length).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
          expect(excerpt.start).toBeLessThanOrEqual(excerpt.text.length);
        }
      }),
      { numRuns: shareOf(1000) },
    );
  });
});

const MANIFEST = `apiVersion: v1
kind: Service
metadata:
  name: "web"
  labels: {app: web, 'on': "yes"}
spec:
  ports:
  - &p
    port: 80
    targetPort: http # named
  - <<: *p
    port: 81
  text: |-
    a: b
  folded: >
    c
---
{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "A", "x": [1, null, "\\u00e4"]}]}
`;

describe('parse', () => {
  test('survives any change of some bytes, and answers for all of them', () => {
    const bytes = new TextEncoder().encode(MANIFEST);
    const change = fc.record({
      at: fc.nat({ max: bytes.length }),
      remove: fc.nat({ max: 4 }),
      insert: fc.uint8Array({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
        const changed = changes.reduce(
          (before, { at, remove, insert }) =>
            Uint8Array.from([...before.slice(0, at), ...insert, ...before.slice(at + remove)]),
          bytes,
        );
        const { manifests, diagnostics } = parse([{ path: 'x', bytes: changed }]);
        for (const { span } of diagnostics) expect(span?.line).toBeGreaterThan(0);
        for (const { locate, value } of manifests) {
          for (const [path] of leavesOf(value)) expect(locate(path, 'key').line).toBeGreaterThan(0);
        }
      }),
      { numRuns: shareOf(500) },
    );
  });
});
