import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { yamlDocument, yamlScalar } from '../../../src/lang/text/yaml-text.ts';

describe('text stays text', () => {
  test.each([
    '',
    'y',
    'No',
    'ON',
    'null',
    '~',
    '1',
    '1.5',
    '1e3',
    '0x1F',
    '1:20',
    '.inf',
    '2024-01-01',
    'a: b',
    '- a',
    '#',
  ])('%j', (text) => {
    expect(parse(`v: ${yamlScalar(text)}\n`, { version: '1.1' })).toEqual({ v: text });
    expect(parse(`v: ${yamlScalar(text)}\n`, { version: '1.2' })).toEqual({ v: text });
  });

  test.each(['web', '10.244.1.4', 'app.kubernetes.io/name', 'eu-a', 'v1', 'Pod'])(
    '%s needs no quotes',
    (text) => {
      expect(yamlScalar(text)).toBe(text);
    },
  );

  test('anything is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parse(`v: ${yamlScalar(text)}\n`)).toEqual({ v: text });
      }),
    );
  });
});

test('documents are read back', () => {
  const key = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 5 })
    .filter((text) => text !== '__proto__');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }), (object) => {
      const plain = JSON.parse(JSON.stringify(object));
      expect(parse(yamlDocument(plain))).toEqual(plain);
    }),
    { numRuns: 300 },
  );
});
