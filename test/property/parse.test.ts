import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parse } from '../../src/parse/parse.ts';
import { fuzzReaders } from '../support/fuzz-readers.ts';
import { shareOf } from '../support/share.ts';
import { plainValues, yamlTexts } from '../support/yaml-texts.ts';

const encoder = new TextEncoder();

function parseText(text: string) {
  return parse([{ path: 'x', bytes: encoder.encode(text) }]);
}

describe('parse', () => {
  test('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parse([{ path: 'x', bytes }])),
      { numRuns: shareOf(500) },
    );
  });

  test('never throws, whatever the text, and every diagnostic has its place', () => {
    fc.assert(
      fc.property(yamlTexts, (text) => {
        const { diagnostics, manifests } = parseText(`apiVersion: v1\nkind: A\n${text}\n---\n${text}`);
        for (const { span } of diagnostics) expect(span?.line).toBeGreaterThan(0);
        for (const { locate } of manifests) expect(locate(['kind']).line).toBeGreaterThan(0);
      }),
      { numRuns: shareOf(1000) },
    );
  });

  test('reads what JSON and YAML printers wrote', () => {
    fc.assert(
      fc.property(plainValues, (value) => {
        const object = { apiVersion: 'v1', kind: 'A', value };
        expect(parseText(JSON.stringify(object)).manifests[0]?.value).toEqual(object);
        expect(parseText(stringify(object, { version: '1.1' })).manifests[0]?.value).toEqual(object);
      }),
      { numRuns: shareOf(1000) },
    );
  });
});

describe('the fast reader', () => {
  test('gives what the general parser gives, values and places, or declines', () => {
    expect(fuzzReaders(4000)).toBeGreaterThan(600);
  });
});
