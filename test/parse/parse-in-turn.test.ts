import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/model/manifest.ts';
import type { InputFile } from '../../src/model/source.ts';
import { LARGE_BYTES } from '../../src/parse/input-file.ts';
import { parse, parseInTurn } from '../../src/parse/parse.ts';
import { LARGE_TEXTS, manyObjects } from '../support/large-text.ts';

const SMALL = Buffer.from('apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\nname: no object\n');
const BROKEN = Buffer.from('a: [\n');
const LARGE_JSON = LARGE_TEXTS['JSON of kubectl']?.(manyObjects(15_000)) ?? '';

/** A file that is not in memory. */
function onDisk(path: string, bytes: Uint8Array): InputFile {
  return {
    path,
    size: bytes.length,
    fill: (buffer, position) => buffer.set(bytes.subarray(position, position + buffer.length)),
  };
}

function namesOf(manifests: Iterable<Manifest>): readonly string[] {
  return [...manifests].map(({ name }) => name);
}

test('files that are small need not be in memory either', () => {
  const files = [onDisk('a.yaml', SMALL), { path: 'b.yaml', bytes: SMALL }, onDisk('c.yaml', BROKEN)];
  const { made, diagnostics, filesWithObjects } = parseInTurn(files, namesOf);
  expect(made).toEqual(['web', 'web']);
  expect(diagnostics.map(({ code, span }) => [code, span?.file])).toEqual([
    ['not-a-manifest', 'a.yaml'],
    ['not-a-manifest', 'b.yaml'],
    ['yaml-syntax', 'c.yaml'],
  ]);
  expect(filesWithObjects).toEqual(new Set(['a.yaml', 'b.yaml']));
});

test('a second look at the manifests finds the same, and nothing is said twice', () => {
  const files = [{ path: 'a.yaml', bytes: SMALL }];
  const { made, diagnostics } = parseInTurn(files, (manifests) => [namesOf(manifests), namesOf(manifests)]);
  expect(made).toEqual([['web'], ['web']]);
  expect(diagnostics).toEqual(parse(files).diagnostics);
});

test('a manifest is read when it is asked for', () => {
  const read: string[] = [];
  const files = ['a', 'b'].map((path) => ({
    ...onDisk(path, SMALL),
    fill: (buffer: Uint8Array) => {
      read.push(path);
      buffer.set(SMALL);
    },
  }));
  parseInTurn(files, (manifests) => {
    for (const { file } of manifests) expect(read.at(-1)).toBe(file);
  });
  expect(read).toEqual(['a', 'b']);
});

describe('a large file', () => {
  test('whose manifests turn out not to be any gives them to nobody', () => {
    const last = LARGE_JSON.lastIndexOf('"data"');
    const bytes = Buffer.from(`${LARGE_JSON.slice(0, last)}!${LARGE_JSON.slice(last)}`);
    expect(bytes.length).toBeGreaterThan(LARGE_BYTES);
    const files = [
      { path: 'a.yaml', bytes: SMALL },
      { path: 'b.json', bytes },
    ];
    let calls = 0;
    const { made, diagnostics } = parseInTurn(files, (manifests) => {
      calls += 1;
      return namesOf(manifests);
    });
    expect([made, calls]).toEqual([['web'], 2]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['not-a-manifest', 'yaml-syntax']);
  });

  test('that cannot be read is for the caller to tell', () => {
    const broken: InputFile = {
      path: 'large.yaml',
      size: LARGE_BYTES,
      fill: () => {
        throw new Error('no such disk');
      },
    };
    expect(() => parse([broken])).toThrow('no such disk');
  });
});
