import { describe, expect, test } from 'vitest';
import { checkManifests } from '../../src/compile.ts';
import { MAX_DUPLICATE_SEARCH } from '../../src/parse/json/read-json.ts';
import { defaultValidateOptions } from '../../src/validate/options.ts';

const SERVICE = '"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}';
const TWICE = '"apiVersion":"v1","kind":"Secret","metadata":{"name":"key"},"type":"a","type":"b"';
const SPACE = ' '.repeat(MAX_DUPLICATE_SEARCH);

function codesIn(text: string, strict: boolean): readonly string[] {
  const file = { path: 'input.json', bytes: new TextEncoder().encode(text) };
  const { diagnostics } = checkManifests([file], { ...defaultValidateOptions, strict });
  return diagnostics.map(({ code }) => code).filter((code) => code === 'duplicate-key');
}

describe('repeated keys in JSON that takes longer to search than to read', () => {
  test.each([
    ['an object', `{${TWICE}}${SPACE}`],
    ['several objects', `{${SERVICE}}{${TWICE}${SPACE}}`],
    ['an object among documents of YAML', `a: b\n---\n{${TWICE}}${SPACE}`],
    ['an item of a List', `{"apiVersion":"v1","kind":"List","items":[{${SERVICE}},{${TWICE}}${SPACE}]}`],
    [
      'an item of a List as kubectl prints it',
      `{\n    "apiVersion": "v1",\n    "items": [\n        {\n            ${SERVICE}\n        },\n        {\n            ${TWICE}\n        }\n    ],\n    "kind": "List"\n}\n${SPACE}`,
    ],
  ])('are found with --strict: %s', (_, text) => {
    expect(codesIn(text, true)).toEqual(['duplicate-key']);
    expect(codesIn(text, false)).toEqual([]);
  });
});
