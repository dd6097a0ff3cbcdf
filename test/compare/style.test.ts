import { describe, expect, test } from 'vitest';
import { fitComment } from '../../src/compare/print/fit-comment.ts';
import { markdownStyle, plainStyle } from '../../src/compare/print/style.ts';

describe('text that comes from input, in Markdown', () => {
  test.each([
    ['default/web', '`default/web`'],
    ['<img src=x> @everybody **bold** | [a](b)', '`<img src=x> @everybody **bold** | [a](b)`'],
    ['one ` tick', '``one ` tick``'],
    ['```', '```` ``` ````'],
    ['`code` and ``more', '``` `code` and ``more ```'],
    [' a ', '`  a  `'],
    ['two\nlines\u001b[31m\u202e', '`two\\nlines\\u001b[31m\\u202e`'],
    ['', '(nothing)'],
  ])('%j', (text, expected) => {
    expect(markdownStyle.value(text)).toBe(expected);
  });
});

test('a terminal gets nothing that it would obey', () => {
  expect(plainStyle.value('a\u001b]0;b\u0007\nc')).toBe('a\\u001b]0;b\\u0007\\nc');
});

describe('a comment of a pull request', () => {
  test('holds everything when there is room', () => {
    expect(fitComment('head\n', ['- a\n', '- b\n'], 'Services')).toBe('head\n\n- a\n- b\n');
  });

  test('says how much it leaves out when there is not', () => {
    const items = Array.from({ length: 1000 }, () => `- ${'x'.repeat(97)}\n`);
    const text = fitComment('head\n', items, 'Services');
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/\n\nand 4\d\d more Services: too many for a comment\n$/);
  });
});
