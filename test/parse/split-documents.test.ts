import { describe, expect, test } from 'vitest';
import { splitDocuments } from '../../src/parse/split-documents.ts';

function split(text: string): string[] {
  return splitDocuments(text).map(({ start, end }) => text.slice(start, end));
}

describe('splitDocuments', () => {
  test.each([
    ['a\n', ['a\n']],
    ['a\n---\nb\n', ['a\n', '---\nb\n']],
    ['---\na\n---\n', ['---\na\n', '---\n']],
    ['a\n---', ['a\n', '---']],
    ['a\r\n---\r\nb', ['a\r\n', '---\r\nb']],
    ['a\n--- # c\nb', ['a\n', '--- # c\nb']],
    ['a\n--- b\n', ['a\n', '--- b\n']],
    ['a\n---b\n ---\n----\n', ['a\n---b\n ---\n----\n']],
    ['a: |\n  ---\n  b\n', ['a: |\n  ---\n  b\n']],
    ['---\n---\n', ['---\n', '---\n']],
    ['%YAML 1.1\n---\na\n---\nb', ['%YAML 1.1\n---\na\n', '---\nb']],
    ['a\n...\n%TAG ! x\n---\nb\n---\nc', ['a\n...\n%TAG ! x\n---\nb\n', '---\nc']],
    ['---\na\n---\n%x\n---\nb', ['---\na\n', '---\n%x\n---\nb']],
  ])('%j', (text, parts) => expect(split(text)).toEqual(parts));

  test.each([
    ['---\na', true, 3],
    ['--- # c\na', true, 3],
    ['---#c', true, 0],
    ['--- {a: b}', false, 3],
    ['--- |\n a', false, 3],
    ['a', true, 0],
  ])('%j: marker alone %s, content from %d', (text, isMarkerAlone, contentStart) => {
    expect(splitDocuments(text)).toMatchObject([{ isMarkerAlone, contentStart }]);
  });
});
