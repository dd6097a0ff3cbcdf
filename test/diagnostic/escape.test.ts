import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  escapeJson,
  escapePath,
  escapeText,
  escapeXml,
  guardLines,
  markdownCode,
} from '../../src/diagnostic/escape.ts';
import { hostileText } from '../support/hostile-diagnostics.ts';
import { obeyedLines } from '../support/obeyed-lines.ts';

test('what a test takes for a command is one', () => {
  const commands = [
    '::error::x',
    '  ::error title=a::x',
    'a ##[error]x',
    'a ##vso[task.x]',
    '\u009b31m',
    '\u202e',
  ];
  for (const command of commands) expect(obeyedLines(command)).toEqual([command]);
  expect(obeyedLines('a ::error::x\n::1\n## [x]')).toEqual([]);
});

describe('text for terminals and logs', () => {
  test('has one line, of which nothing is obeyed', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (a, b) => {
        const line = guardLines(`${escapeText(a)}${escapeText(b)}`);
        expect(line).not.toContain('\n');
        expect(obeyedLines(line)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('is unchanged where there is nothing to obey', () => {
    for (const text of ['a: b::c', '## [x]', 'fd00::1', 'naïve 名 🚀', '\\u202e']) {
      expect(guardLines(escapeText(text))).toBe(text);
    }
  });

  test('parts that are harmless on their own make no command together', () => {
    expect(guardLines(':' + ':error::x')).toBe('\\u003a:error::x');
    expect(guardLines('##' + '[error]x')).toBe('#\\u0023[error]x');
    expect(guardLines('a\n ::error::x\n')).toBe('a\n \\u003a:error::x\n');
  });
});

test.each([
  ['::error::x.yaml', './::error::x.yaml'],
  [' ::error::x.yaml', './ ::error::x.yaml'],
  ['a/::error::x.yaml', 'a/::error::x.yaml'],
  ['x\u009b31m\u202e', 'x\\u009b31m\\u202e'],
])('the path %j is shown as %j', (path, shown) => expect(escapePath(path)).toBe(shown));

test('JSON means the same', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const json = escapeJson(JSON.stringify({ [text]: text }));
      expect(JSON.parse(json)).toEqual({ [text]: text });
      expect(obeyedLines(json)).toEqual([]);
    }),
  );
});

describe('Markdown', () => {
  test.each([
    ['x** <img src=a> @team', '`x** <img src=a> @team`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a\n# b', '`a\\n# b`'],
    ['', '(nothing)'],
  ])('%j is the code span %s', (text, span) => expect(markdownCode(text)).toBe(span));

  test('of very many backticks', () => {
    expect(markdownCode('` '.repeat(300_000)).length).toBe(600_000 + 4 + 2);
  });
});

test('XML keeps no markup, and no character that XML does not have', () => {
  expect(escapeXml('<a b="c">&\ufffe\u0000]]>')).toBe('&lt;a b=&quot;c&quot;&gt;&amp;\ufffd\\u0000]]&gt;');
});
