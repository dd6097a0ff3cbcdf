import fc from 'fast-check';
import { EDITS, WORDS } from './yaml-texts.ts';

/**
 * YAML composed line by line, as kubectl, kustomize, helm templates and people write it: lists at the column of their
 * key or deeper, compact lists and maps, comments, blank lines, quotes of both kinds, literal and folded blocks, scalars
 * and collections in brackets that go on on further lines. Scalars stand there as they are, so that some of them mean something else, or nothing at all.
 */

/** A value behind its key or dash: what stands on the same line, and the lines below. */
interface Value {
  readonly inline: string;
  readonly below: readonly string[];
}

const EVERYDAY = [
  'a',
  'web',
  'app.kubernetes.io/name',
  'x-1',
  '8080',
  'http',
  'v1',
  '10.0.0.1',
  'true',
  'a b',
];

const words = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...EVERYDAY) },
  { weight: 3, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);

const scalarText = fc.oneof(
  { weight: 8, arbitrary: words },
  { weight: 1, arbitrary: words.map((word) => JSON.stringify(word)) },
  { weight: 1, arbitrary: words.map((word) => `'${word.replaceAll("'", "''")}'`) },
  { weight: 1, arbitrary: words.map((word) => `"${word}"`) },
);

const flowText = fc.oneof(
  fc.constantFrom('{}', '[]', '[ ]', '{ }', '[a, ]', '{a: b,}', '[,]', '{a: b, "c":d}'),
  fc.array(scalarText, { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  fc
    .array(fc.tuple(scalarText, scalarText), { maxLength: 3 })
    .map((entries) => `{${entries.map((entry) => entry.join(': ')).join(', ')}}`),
);

const afterwards = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom(' ', ' # c', '  #', '#c', " # it's: x") },
);

const inlineValue: fc.Arbitrary<Value> = fc
  .tuple(fc.oneof({ weight: 6, arbitrary: scalarText }, { weight: 1, arbitrary: flowText }), afterwards)
  .map(([text, after]) => ({ inline: ` ${text}${after}`, below: [] }));

/** Its lines are indented like any others, and sometimes more or less. */
const blockValue: fc.Arbitrary<Value> = fc
  .tuple(
    fc.constantFrom('|', '|-', '|+', '>', '>-', '>+', '|2', '|2-', '>-1', '| # c'),
    fc.array(
      fc.oneof(words, fc.constantFrom('', ' ', '  x', '# c', 'a: b', '- a', '---', '\tx', 'x\ty', '\t')),
      { maxLength: 4 },
    ),
    fc.constantFrom('  ', '  ', '    ', '', ' '),
  )
  .map(([header, lines, indent]) => ({
    inline: ` ${header}`,
    below: lines.map((line) => (line === '' ? '' : indent + line)),
  }));

/** What goes on on the lines below, which are mostly deeper, and sometimes are not. */
const longValue: fc.Arbitrary<Value> = fc
  .tuple(
    fc.constantFrom('', '', '"', '"', "'", '['),
    fc.array(
      fc.oneof(
        words,
        fc.constantFrom(
          '',
          ' ',
          '# c',
          'a # c',
          'x ',
          '- a',
          'a\\',
          'a \\',
          "''",
          '\\"',
          'a,',
          'b, c',
          '[d],',
          'e: f',
          '`g`',
          '...',
          '\\x41\\u00e9\\U0001F553',
          '\\ud800',
          '\\0\\e\\N\\L',
        ),
      ),
      { minLength: 1, maxLength: 4 },
    ),
    fc.constantFrom('  ', '  ', '    ', '', ' '),
    fc.boolean(),
    afterwards,
  )
  .map(([opening, [first = '', ...rest], indent, isBelow, after]) => {
    const lines = [opening + first, ...rest];
    const last = lines.length - 1;
    const closed = lines.with(last, `${lines[last]}${opening === '[' ? ']' : opening}${after}`);
    const deeper = (line: string) => (line === '' ? '' : indent + line);
    if (isBelow) return { inline: '', below: closed.map(deeper) };
    return { inline: ` ${closed[0]}`, below: closed.slice(1).map(deeper) };
  });

const keyText = fc.oneof(
  {
    weight: 15,
    arbitrary: fc.constantFrom(...'abcdef', 'name', 'kind', 'app.kubernetes.io/name', '"k"', "'l'"),
  },
  { weight: 1, arbitrary: scalarText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '$ref',
      'a b',
      '(a == b)',
      'x|y',
      '-a b',
      '/a*',
      'a:b c',
      'f:a',
      'a[0]-{b}',
      "c('d')",
      'on',
      '80',
      '1e3',
      'a #b',
    ),
  },
);

function indented(lines: readonly string[], indent: string): readonly string[] {
  return lines.map((line) => (line === '' ? '' : indent + line));
}

/** The first line behind a dash, the others at its column. */
function behindDash([first = '', ...rest]: readonly string[], dash: string): readonly string[] {
  return [dash + first, ...indented(rest, ' '.repeat(dash.length))];
}

const { block } = fc.letrec<{ value: Value; block: readonly string[]; item: readonly string[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 6, arbitrary: inlineValue },
    { weight: 1, arbitrary: blockValue },
    { weight: 1, arbitrary: longValue },
    { weight: 1, arbitrary: fc.constant({ inline: '', below: [] }) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(tie('block'), fc.constantFrom('  ', '  ', '', '    ', ' '), afterwards)
        .map(([lines, indent, after]) => ({ inline: after, below: indented(lines, indent) })),
    },
  ),
  item: fc.oneof(
    {
      weight: 2,
      arbitrary: tie('value').map(({ inline, below }) => [`-${inline}`, ...indented(below, '  ')]),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('block'), fc.constantFrom('- ', '- ', '-   '))
        .map(([lines, dash]) => behindDash(lines, dash)),
    },
  ),
  block: fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .uniqueArray(fc.tuple(keyText, tie('value')), {
          minLength: 1,
          maxLength: 4,
          selector: ([key]) => key,
        })
        .map((entries) => entries.flatMap(([key, { inline, below }]) => [`${key}:${inline}`, ...below])),
    },
    {
      weight: 1,
      arbitrary: fc.array(tie('item'), { minLength: 1, maxLength: 3 }).map((items) => items.flat()),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('# c', '', '  # c', '# Source: chart/templates/x.yaml'), tie('block'))
        .map(([line, lines]) => [line, ...lines]),
    },
  ),
}));

/** Texts of one document, most of them without any change to what was composed. */
export const yamlLines: fc.Arbitrary<string> = fc
  .tuple(
    block,
    fc.constantFrom('\n', '\n', '', '\n...\n', '\n... \n\n', '\n# \tc\n'),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, EDITS),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
  )
  .map(([lines, end, edits, lineBreak]) =>
    edits.reduce((text, edit) => edit(text), lines.join('\n') + end).replaceAll('\n', lineBreak),
  );
