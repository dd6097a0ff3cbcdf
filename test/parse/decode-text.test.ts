import { describe, expect, test } from 'vitest';
import { decodeText } from '../../src/parse/decode-text.ts';

function utf16(text: string, isLittle: boolean): Uint8Array {
  const units = [...text].flatMap((character) => {
    const code = character.charCodeAt(0);
    return isLittle ? [code & 0xff, code >> 8] : [code >> 8, code & 0xff];
  });
  return Uint8Array.from([...(isLittle ? [0xff, 0xfe] : [0xfe, 0xff]), ...units]);
}

describe('decodeText', () => {
  test.each<[string, Uint8Array]>([
    ['UTF-8', new TextEncoder().encode('kind: é\n')],
    ['UTF-8 with a byte order mark', new TextEncoder().encode('\ufeffkind: é\n')],
    ['UTF-16, little end first', utf16('kind: é\n', true)],
    ['UTF-16, big end first', utf16('kind: é\n', false)],
  ])('reads %s', (_, bytes) => expect(decodeText(bytes)).toEqual({ text: 'kind: é\n' }));

  test.each([[[0x61, 0xc3]], [[0xe2, 0x82]], [[0xff]], [[0xef, 0xbb]]])(
    'reads a text whole after one that ends in %j',
    (broken) => {
      expect(decodeText(Uint8Array.from(broken))).toHaveProperty('problem');
      for (const text of ['\u00e9', '\ufeff\u00e9'])
        expect(decodeText(new TextEncoder().encode(text))).toEqual({ text: '\u00e9' });
    },
  );

  test.each<[string, number[], number]>([
    ['a byte that never occurs', [0x61, 0x62, 0xff, 0x63], 2],
    ['Latin-1', [0x61, 0xe9, 0x20, 0x62], 1],
    ['a character cut off', [0x61, 0xc3], 1],
    ['only that', [0xe9], 0],
  ])('says where %s is', (_, bytes, offset) => {
    expect(decodeText(Uint8Array.from(bytes))).toMatchObject({
      problem: 'is not text: it is no valid UTF-8',
      offset,
    });
  });

  test('finds the place far behind', () => {
    const bytes = new Uint8Array(100_000).fill(0x61);
    bytes[77_777] = 0xff;
    expect(decodeText(bytes)).toMatchObject({ offset: 77_777 });
  });

  test('calls binary files so', () => {
    const bytes = Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0xff, 0xff]);
    expect(decodeText(bytes)).toMatchObject({ problem: 'is not text: it holds a NUL character', offset: 4 });
  });

  test('refuses UTF-16 with half a character', () => {
    const bytes = Uint8Array.from([0xff, 0xfe, 0x61, 0, 0x00, 0xd8, 0x61, 0]);
    expect(decodeText(bytes)).toMatchObject({ problem: 'is not text: it is no valid UTF-16LE' });
  });
});
