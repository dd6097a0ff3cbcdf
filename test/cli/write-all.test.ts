import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeAll } from '../../src/cli/output/write-all.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What a file holds after some texts have been written to it, and how many bytes each was said to have. */
function written(...texts: readonly string[]): { readonly text: string; readonly counts: readonly number[] } {
  const path = join(folder, 'text');
  const descriptor = openSync(path, 'w');
  const counts = texts.map((text) => writeAll(descriptor, text));
  closeSync(descriptor);
  return { text: readFileSync(path, 'utf8'), counts };
}

test.each([
  ['ASCII', 'x'],
  ['three bytes a unit', '\u20ac'],
  ['four bytes for two units', '\u{1f600}'],
])('texts of any length are written whole: %s', (_, character) => {
  const texts = [1, 1000, 70_000, 131_072, 131_073, 300_000].map((length) => character.repeat(length));
  const { text, counts } = written(...texts);
  expect(text === texts.join('')).toBe(true);
  expect(counts).toEqual(texts.map((each) => Buffer.byteLength(each)));
});

test('a text that is shorter than the one before has nothing of it', () => {
  expect(written('a longer text\n', 'short\n').text).toBe('a longer text\nshort\n');
});
