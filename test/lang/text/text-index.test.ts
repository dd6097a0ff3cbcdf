import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textIndex } from '../../../src/lang/text/text-index.ts';

/** Adds each word where it stands. */
function indexOf(words: readonly string[]) {
  const text = words.join(' ');
  const index = textIndex(text);
  const numbers: number[] = [];
  let start = 0;
  for (const word of words) {
    numbers.push(index.add(start, start + word.length));
    start += word.length + 1;
  }
  return { index, numbers };
}

function expectNumbers(words: readonly string[]): void {
  const { index, numbers } = indexOf(words);
  const distinct = [...new Set(words)];
  const first = new Map(distinct.map((word, number) => [word, number]));
  expect(numbers).toEqual(words.map((word) => first.get(word)));
  expect(index.size()).toBe(distinct.length);
  expect(distinct.map((_, number) => index.wordsOf(number))).toEqual(distinct);
  expect(distinct.map(index.find)).toEqual([...distinct.keys()]);
  const found = distinct.map((word, number) => index.findBy(word, (each) => each === number));
  expect(found).toEqual([...distinct.keys()]);
}

test('words have the number that they had first', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[A-C]{1,3}$/)), expectNumbers));
});

test('as many as a large node has', () => {
  expectNumbers(Array.from({ length: 20_000 }, (_, index) => `KUBE-SEP-${index}`));
});

test('what was not added has no number', () => {
  const { index } = indexOf(['one', 'two']);
  expect(index.find('three')).toBe(-1);
  expect(index.find('')).toBe(-1);
  expect(index.findBy('one', () => false)).toBe(-1);
  expect(index.findAt(0, 2)).toBe(-1);
  expect(index.findAt(4, 7)).toBe(1);
});

test('words that share a hash are told apart, and found among many others', () => {
  const alike = wordsOfOneHash(6);
  expect(new Set(alike).size).toBe(64);
  const others = Array.from({ length: 1000 }, (_, index) => `other-${index}`);
  expectNumbers([...alike, ...others]);
  expect(indexOf(alike.slice(1)).index.find(alike[0] ?? '')).toBe(-1);
});

/** Each block leads from one state of FNV-1a to another in two ways, so that there are 2 ** `blocks` words. */
function wordsOfOneHash(blocks: number): readonly string[] {
  let state = 0x811c9dc5;
  let words: readonly string[] = [''];
  for (let block = 0; block < blocks; block += 1) {
    const pair = collisionFrom(state);
    words = words.flatMap((word) => pair.map((end) => word + end));
    state = hashFrom(state, pair[0]);
  }
  return words;
}

function collisionFrom(state: number): readonly [string, string] {
  const seen = new Map<number, string>();
  for (let number = 0; ; number += 1) {
    const word = Math.imul(number, 0x9e3779b1).toString(36).padStart(7, '0');
    const hash = hashFrom(state, word);
    const other = seen.get(hash);
    if (other !== undefined) return [other, word];
    seen.set(hash, word);
  }
}

function hashFrom(state: number, word: string): number {
  let hash = state;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return hash;
}
