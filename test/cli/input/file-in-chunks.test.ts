import { expect, test } from 'vitest';
import { fileInChunks } from '../../../src/cli/input/large-files.ts';

const SIZE = 1000;

test('a file in chunks is read across them', () => {
  const bytes = Buffer.from(Array.from({ length: SIZE }, (_, index) => index % 251));
  const chunks = [bytes.subarray(0, 10), bytes.subarray(10, 11), bytes.subarray(11, 90), bytes.subarray(90)];
  const { size, fill } = fileInChunks('a', chunks);
  expect(size).toBe(SIZE);
  for (const [start, end] of [
    [0, 10],
    [5, 100],
    [10, 11],
    [9, 12],
    [88, 95],
    [SIZE - 7, SIZE],
    [0, SIZE],
  ] as const) {
    const buffer = Buffer.alloc(end - start);
    fill(buffer, start);
    expect(buffer).toEqual(bytes.subarray(start, end));
  }
});

test('a file without chunks is empty', () => expect(fileInChunks('a', []).size).toBe(0));
