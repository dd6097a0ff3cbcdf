import { describe, expect, test } from 'vitest';
import { unpastedText } from '../../../src/lang/text/pasted-text.ts';

describe('typographic quotes', () => {
  test('of a page that has changed all of them are plain ones', () => {
    expect(unpastedText('-A FORWARD -m comment --comment \u201cno way\u201d -j DROP\n')).toBe(
      '-A FORWARD -m comment --comment "no way" -j DROP\n',
    );
  });

  test.each(['5\u201d pipe', 'no \u201cvery bad\u201d ones', 'block \u201cbad\u201d guys'])(
    'in a comment that the tool has quoted stay: %s',
    (comment) => {
      const rule = `-A FORWARD -m comment --comment "${comment}" -j DROP\n`;
      expect(unpastedText(rule)).toBe(rule);
    },
  );
});
