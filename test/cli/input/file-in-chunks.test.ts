import { describe, expect, test } from 'vitest';
import { fileInChunks } from '../../../src/cli/input/file-in-chunks.ts';
import { LARGE_BYTES } from '../../../src/parse/input-file.ts';

describe('a file in chunks', () => {
  test('is one when it is small', () => {
    expect(fileInChunks('a', [Buffer.from('ab'), Buffer.from('c')])).toEqual({
      path: 'a',
      bytes: Buffer.from('abc'),
    });
    expect(fileInChunks('a', [])).toEqual({ path: 'a', bytes: Buffer.alloc(0) });
  });

  test('is read across its chunks when it is large', () => {
    const bytes = Buffer.from(Array.from({ length: LARGE_BYTES }, (_, index) => index % 251));
    const chunks = [
      bytes.subarray(0, 10),
      bytes.subarray(10, 11),
      bytes.subarray(11, 90),
      bytes.subarray(90),
    ];
    const file = fileInChunks('a', chunks);
    if ('bytes' in file) throw new Error('it was joined');
    expect(file.size).toBe(LARGE_BYTES);
    for (const [start, end] of [
      [0, 10],
      [5, 100],
      [10, 11],
      [9, 12],
      [88, 95],
      [LARGE_BYTES - 7, LARGE_BYTES],
    ] as const) {
      const buffer = Buffer.alloc(end - start);
      file.fill(buffer, start);
      expect(buffer).toEqual(bytes.subarray(start, end));
    }
  });
});
