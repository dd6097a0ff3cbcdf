import { describe, expect, it } from 'vitest';
import { nginxComment, nginxDirective, nginxParameter } from '../../../src/lang/text/quote.ts';

describe('parameters of nginx', () => {
  it.each([
    ['80', '80'],
    ['[::]:80', '[::]:80'],
    ['/etc/nginx/*-stream.conf', '/etc/nginx/*-stream.conf'],
    ['max_fails=0', 'max_fails=0'],
    ['', '""'],
    ['two words', '"two words"'],
    ['a;b', '"a;b"'],
    ['{}', '"{}"'],
    ['#', '"#"'],
    ['"', '"\\""'],
    ['\\n', '"\\\\n"'],
    ['a\n\tb', '"a\\n\\tb"'],
  ])('%j is %s', (text, quoted) => {
    expect(nginxParameter(text)).toBe(quoted);
  });

  it.each(['$uri', 'a$', '\0', '\r', 'é', '\u2028', 'x'.repeat(4001), '"'.repeat(3000)])(
    '%#. is refused',
    (text) => {
      expect(() => nginxParameter(text)).toThrow('unsafe parameter');
    },
  );
});

it.each(['a b', 'A', 'a;', '', 'a\nb'])('%j is no directive', (text) => {
  expect(() => nginxDirective(text)).toThrow('unsafe directive');
});

it('comments stay on their line', () => {
  expect(nginxComment('shop/web:http')).toBe('# shop/web:http');
  for (const text of ['a\nb', 'a\rb', '\0']) expect(() => nginxComment(text)).toThrow('unsafe comment');
});
