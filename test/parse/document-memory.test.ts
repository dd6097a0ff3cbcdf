import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DocumentMemory, nextMemory } from '../../src/parse/document-memory.ts';
import { parseInTurn } from '../../src/parse/parse.ts';

const FILES = ['fixtures/quickstart', 'fixtures/valid', 'fixtures/invalid'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .map((name) => join(folder, name)),
);

/** Everything that there is to know of a text: also where things stand, whether or not a diagnostic asks. */
function read(text: string, memory?: DocumentMemory) {
  const file = { path: 'a.yaml', bytes: new TextEncoder().encode(text) };
  const { made, diagnostics } = parseInTurn(
    [file],
    (manifests) =>
      [...manifests].map(({ value, locate }) => ({
        value,
        places: Object.keys(value)
          .slice(-2)
          .map((key) => locate([key], 'key')),
      })),
    { isThorough: false, memory },
  );
  return { made, diagnostics };
}

test('what was read before is as if it were read again, wherever it has moved to', () => {
  expect(FILES.length).toBeGreaterThan(200);
  for (const path of FILES.filter((_, index) => index % 3 === 0)) {
    const text = readFileSync(path, 'utf8');
    const moved = text.startsWith('{') ? `\n\n${text}` : `# one\n# two\n---\n${text}\n---\nkind: Other\n`;
    const first = nextMemory(undefined);
    expect(read(text, first), path).toEqual(read(text));
    expect(read(moved, nextMemory(first)), path).toEqual(read(moved));
  }
});

test('each of several documents in one part has places of its own', () => {
  const text = ['a', 'b', 'c'].map((kind) => `{"apiVersion": "v1", "kind": "${kind}"}\n`).join('');
  const first = nextMemory(undefined);
  const fresh = read(text, first);
  expect(fresh.made.map(({ value }) => value.kind)).toEqual(['a', 'b', 'c']);
  expect(read(text, nextMemory(first))).toEqual(fresh);
});

test('documents that stay are not read again, those that go are forgotten', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(
    (name) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\n`,
  );
  const first = nextMemory(undefined);
  const [ofA] = read(`---\n${a}---\n${b}`, first).made;
  const second = nextMemory(first);
  const { made } = read(`${c}---\n${a}`, second);
  expect(made[1]?.value).toBe(ofA?.value);
  expect(made[1]?.places).not.toEqual(ofA?.places);
  expect([...nextMemory(second).before.keys()].some((text) => text.includes('name: b'))).toBe(false);
});
