import fc from 'fast-check';
import { dump } from 'js-yaml';
import { stringify } from 'yaml';

/** What scalars of manifests, and of those who attack with them, look like. */
export const WORDS = [
  'a',
  'b-c',
  'x.y/z',
  'kind',
  '80',
  'true',
  'null',
  'no',
  'y',
  '10.0.0.1',
  'fd00::1',
  '"q"',
  "it's",
  'a b',
  '--flag=1',
  '-v',
  '# c',
  'a#b',
  'a: b',
  'x:y',
  '',
  '  ',
  '\n',
  'one\ntwo\n',
  'one\n\ntwo',
  'trail \n',
  '1.5',
  '0x10',
  '012',
  'é',
  '{a}',
  '[x]',
  '*a',
  '&b',
  '!t',
  '%d',
  '@x',
  '`b`',
  '|',
  '>',
  '-',
  '?',
  ':',
  '- a',
  '~',
  '=',
  '2026-01-05',
  '<<',
  '0b4be1d8',
  '1e5',
  '.inf',
  '__proto__',
  'constructor',
];

/** Pieces that mean something to YAML somewhere. */
const PIECES = [
  ' ',
  '  ',
  '\n',
  '\n  ',
  '-',
  '- ',
  ':',
  ': ',
  '#',
  ' #',
  '"',
  "'",
  '|',
  '|\n',
  ' |-\n',
  '>',
  '[',
  ']',
  '{',
  '}',
  ',',
  ', ',
  '&',
  '*',
  '!',
  '?',
  '? ',
  '%',
  'a',
  '1',
  '0',
  '.',
  '~',
  '\\',
  '\t',
  '---\n',
  '\n---',
  '...',
  'é',
  '\u2028',
  '\r',
  'null',
  'yes',
  '<<: ',
  '+',
  '_',
  '@',
  '`',
  '=',
  '\n\n',
  '{{ .x }}',
  '\u0000',
  '\ufeff',
];

const scalar = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.integer({ min: -1000, max: 100_000 }),
  fc.boolean(),
  fc.constant(null),
);

const keys = fc.constantFrom(...WORDS.filter((word) => !['__proto__', '<<'].includes(word)));

/** Values that YAML and JSON can hold alike: maps. */
export const plainValues: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, scalar, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: true }),
})).map;

/** YAML of such values, as two well-known printers write it. */
const printed = fc
  .tuple(plainValues, fc.constantFrom('yaml', 'js-yaml', 'js-yaml-flow', 'js-yaml-dense'))
  .map(([value, printer]) => {
    switch (printer) {
      case 'yaml':
        return stringify(value);
      case 'js-yaml-flow':
        return dump(value, { flowLevel: 1, lineWidth: -1 });
      case 'js-yaml-dense':
        return dump(value, { seqNoIndent: true, lineWidth: -1 });
      default:
        return dump(value);
    }
  });

/** A few careless or hostile changes to a text, one after the other. */
export const EDITS: fc.Arbitrary<readonly ((text: string) => string)[]> = fc.array(
  fc
    .record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.nat({ max: 3 }),
      insert: fc.option(fc.constantFrom(...PIECES), { nil: '' }),
    })
    .map(({ at, remove, insert }) => (text: string) => {
      const index = Math.floor(at * text.length);
      return text.slice(0, index) + insert + text.slice(index + remove);
    }),
  { maxLength: 4 },
);

/** YAML, and what a few edits make of it. */
export const yamlTexts: fc.Arbitrary<string> = fc
  .tuple(printed, fc.oneof(fc.constant([]), EDITS))
  .map(([text, edits]) => edits.reduce((edited, edit) => edit(edited), text));
