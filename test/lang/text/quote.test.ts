import { describe, expect, it } from 'vitest';
import { isPlainComment, quoteComment, restoreWord } from '../../../src/lang/text/quote.ts';

/** What the doors let through, said another way than they do. */
const WORD = /^[A-Za-z0-9:[][A-Za-z0-9._:/[\]+-]*$/;
const COMMENT = /^[ !#-[\]-~]{1,255}$/;

const CHARACTERS = Array.from({ length: 0x1_00_00 }, (_, code) => String.fromCharCode(code));

function isWord(text: string): boolean {
  try {
    return restoreWord(text) === text;
  } catch {
    return false;
  }
}

describe('words of restore text', () => {
  it.each([
    ['at their start', (character: string) => `${character}a`],
    ['within', (character: string) => `a${character}a`],
    ['at their end', (character: string) => `a${character}`],
  ])('hold these characters %s', (_, textWith) => {
    const texts = CHARACTERS.map(textWith);
    expect(texts.filter(isWord)).toEqual(texts.filter((text) => WORD.test(text)));
  });

  it('are not empty', () => {
    expect(() => restoreWord('')).toThrow('unsafe word ""');
  });
});

describe('comments', () => {
  it('hold these characters anywhere', () => {
    const texts = CHARACTERS.flatMap((character) => [`${character}a`, `a${character}`]);
    expect(texts.filter(isPlainComment)).toEqual(texts.filter((text) => COMMENT.test(text)));
  });

  it('have 1 to 255 characters', () => {
    expect(quoteComment('x'.repeat(255))).toBe(`"${'x'.repeat(255)}"`);
    for (const text of ['', 'x'.repeat(256)]) expect(() => quoteComment(text)).toThrow('unsafe comment');
  });
});
