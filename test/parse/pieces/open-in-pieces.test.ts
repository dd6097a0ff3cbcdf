import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../src/model/manifest.ts';
import type { LargeSourceFile } from '../../../src/model/source.ts';
import { parse } from '../../../src/parse/parse.ts';
import { parseFile } from '../../../src/parse/parse-file.ts';
import { UNCUT } from '../../../src/parse/pieces/cut.ts';
import { openInPieces } from '../../../src/parse/pieces/open-in-pieces.ts';
import { LARGE_TEXTS, manyObjects } from '../../support/large-text.ts';
import { shareOf } from '../../support/share.ts';

const PATH = 'large.yaml';
const OBJECTS = manyObjects(600);

/** Damaged JSON may be YAML for the general parser, which takes its time. */
const MINUTES = 5 * 60 * 1000;

function largeFile(bytes: Uint8Array, reads: number[] = []): LargeSourceFile {
  return {
    path: PATH,
    size: bytes.length,
    fill: (buffer, position) => {
      reads.push(buffer.length);
      buffer.set(bytes.subarray(position, position + buffer.length));
    },
  };
}

const QUICK = { isThorough: false };

/** What the pieces of a file mean; undefined: it is to be read as a whole. */
function inPieces(content: string | Uint8Array, reads: number[] = []) {
  const file = largeFile(Buffer.from(content), reads);
  if (openInPieces(file, QUICK) === undefined) return undefined;
  const manifests: Manifest[] = [];
  try {
    const parsing = parseFile(file, { cutFrom: 0, ...QUICK });
    for (let step = parsing.next(); ; step = parsing.next()) {
      if (step.done === true) return { ...step.value, manifests };
      manifests.push(step.value);
    }
  } catch (error) {
    if (error === UNCUT) return undefined;
    throw error;
  }
}

function asWhole(text: string) {
  const { manifests, diagnostics, filesWithObjects } = parse([{ path: PATH, bytes: Buffer.from(text) }]);
  return { path: PATH, manifests, diagnostics, hasObjects: filesWithObjects.has(PATH) };
}

function valuesOf({ manifests, ...rest }: ReturnType<typeof asWhole>) {
  return { ...rest, manifests: manifests.map(({ locate, ...manifest }) => manifest) };
}

const FIELDS = [
  ['metadata', 'name'],
  ['spec', 'ports', 0, 'port'],
  ['metadata', 'annotations', 'note'],
  ['none'],
];

/** Where a few fields of every so many objects stand. */
function placesOf({ manifests }: ReturnType<typeof asWhole>, step: number) {
  return manifests
    .filter((_, index) => index % step === 0)
    .flatMap(({ locate }) => FIELDS.map((field) => locate(field)));
}

describe.each(Object.entries(LARGE_TEXTS))('%s', (_, print) => {
  const text = print(OBJECTS);

  test('means in pieces what it means as a whole, places included', () => {
    const [pieces, whole] = [inPieces(text), asWhole(text)];
    if (pieces === undefined) throw new Error('it was not read in pieces');
    expect(valuesOf(pieces)).toEqual(valuesOf(whole));
    expect(pieces.manifests).toHaveLength(OBJECTS.length);
    expect(placesOf(pieces, 50)).toEqual(placesOf(whole, 50));
  });

  test('is never in memory as a whole', () => {
    const reads: number[] = [];
    const bytes = Buffer.from(print(manyObjects(2000, 2000)));
    expect(inPieces(bytes, reads)).toBeDefined();
    expect(Math.max(...reads)).toBeLessThan(bytes.length / 2);
  });

  test('damaged, means the same or is left to others', { timeout: MINUTES }, () => {
    const sound = print(OBJECTS.slice(0, 300));
    const damage = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      length: fc.integer({ min: 0, max: 40 }),
      text: fc.constantFrom(
        ...[
          '',
          '\n',
          '"',
          "'",
          '{',
          '}',
          '[',
          ']',
          ',',
          ':',
          '\\',
          '#',
          '-',
          ' ',
          '\t',
          '\r\n',
          '\0',
          '\ufeff',
          'ä',
        ],
        ...[
          '\n---\n',
          '\n...\n',
          '\n%YAML 1.1\n---\n',
          '\nkind: List\n',
          '\n- ',
          '\nitems:\n- a: b\n',
          '"items": [\n',
        ],
        ...[
          '        },\n        {\n',
          '\n    ],\n    "items": [\n',
          '__proto__',
          '&a ',
          '*a',
          '|\n',
          '{{ .x }}',
        ],
      ),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 2 }), (damages) => {
        let damaged = sound;
        for (const { at, length, text: other } of damages) {
          const position = Math.floor(edgy(at) * damaged.length);
          damaged = damaged.slice(0, position) + other + damaged.slice(position + length);
        }
        const pieces = inPieces(damaged);
        if (pieces === undefined) return;
        const [found, expected] = [valuesOf(pieces), valuesOf(asWhole(damaged))];
        // Most are alike, and text is compared a hundred times faster.
        if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found).toEqual(expected);
      }),
      { numRuns: shareOf(60) },
    );
  });
});

/** Half of all damage hits the first or last percent, where the frame of a list stands. */
function edgy(at: number): number {
  if (at < 0.25) return at / 100;
  return at > 0.75 ? 1 - (1 - at) / 400 : at;
}

describe('what only the whole can tell', () => {
  const json = LARGE_TEXTS['JSON of kubectl']?.(OBJECTS) ?? '';
  const yaml = LARGE_TEXTS['YAML of kubectl']?.(OBJECTS) ?? '';
  const documents = LARGE_TEXTS['YAML documents']?.(OBJECTS) ?? '';

  test.each<[string, string]>([
    ['JSON on one line', JSON.stringify(JSON.parse(json))],
    ['a second key "items"', json.replace('"kind": "List"', '"items": [], "kind": "List"')],
    ['the same, escaped', json.replace('"kind": "List"', '"\\u0069tems": [], "kind": "List"')],
    ['the same in front', json.replace('"items"', '"items": "[",\n    "items"')],
    ['a list of another kind of thing', json.replace('"kind": "List"', '"kind": "Service"')],
    [
      'an item that is no object',
      json.replace('"items": [\n', '"items": [\n        {\n        },\n        1,\n'),
    ],
    ['an item without kind', json.replace('"kind": "ConfigMap"', '"kind": ""')],
    ['nesting', json.replace('"x', `"a": ${'['.repeat(101)}${']'.repeat(101)},\n"x`)],
    ['two values', json + json],
    ['a byte order mark', `\ufeff${json}`],
    ['items of two Lists', `${yaml}---\n${yaml}`],
    ['an anchor', yaml.replace('kind: Service', 'kind: &a Service')],
    ['a directive', documents.replace('\n---\n', '\n...\n%YAML 1.1\n---\n')],
    ['a directive at the start', `%YAML 1.1\n---\n${documents}`],
    ['a key that stands twice', documents.replace('kind: Service', 'kind: A\nkind: Service')],
    ['a template', documents.replace('kind: Service', 'kind: "{{ .Values.kind }}"\nx: {{ .x }}')],
    ['a document that has no end', documents.replaceAll('\n---\n', '\n')],
  ])('%s', (_, text) => {
    const pieces = inPieces(text);
    if (pieces !== undefined) expect(valuesOf(pieces)).toEqual(valuesOf(asWhole(text)));
    else expect(pieces).toBeUndefined();
  });

  test('bytes that are no text', () => {
    const bytes = Buffer.from(json);
    bytes[bytes.length >> 1] = 0xff;
    expect(inPieces(bytes)).toBeUndefined();
  });

  test('a file that cannot be read is for the caller to tell', () => {
    const broken: LargeSourceFile = {
      path: PATH,
      size: 5e6,
      fill: () => {
        throw new Error('no such disk');
      },
    };
    expect(() => openInPieces(broken, QUICK)).toThrow('no such disk');
  });
});

describe('YAML of several kinds', () => {
  test('documents that the fast reader declines, and warnings, are fine', () => {
    const odd = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: &a odd}\ndata: {a: *a}\n';
    const text = `${LARGE_TEXTS['YAML documents']?.(OBJECTS)}---\n${odd}---\nname: no object\n`;
    const [pieces, whole] = [inPieces(text), asWhole(text)];
    expect(pieces?.diagnostics).toEqual(whole.diagnostics);
    expect(pieces?.diagnostics.map(({ code }) => code)).toEqual(['not-a-manifest']);
    expect(pieces?.manifests.at(-1)?.locate(['data', 'a'])).toEqual(
      whole.manifests.at(-1)?.locate(['data', 'a']),
    );
  });
});
