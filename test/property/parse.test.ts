import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { fastYamlPlace } from '../../src/parse/fast-yaml/fast-yaml-places.ts';
import { readFastYaml } from '../../src/parse/fast-yaml/read-fast-yaml.ts';
import { readGeneralYaml } from '../../src/parse/general-yaml.ts';
import { parse } from '../../src/parse/parse.ts';
import type { Place } from '../../src/parse/place.ts';
import { plainValues, yamlTexts } from '../support/yaml-texts.ts';

const encoder = new TextEncoder();
const TIMEOUT_MS = 60_000;

function parseText(text: string) {
  return parse([{ path: 'x', bytes: encoder.encode(text) }]);
}

describe('parse', () => {
  test(
    'never throws, whatever the bytes',
    () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parse([{ path: 'x', bytes }])),
        { numRuns: 500 },
      );
    },
    TIMEOUT_MS,
  );

  test(
    'never throws, whatever the text, and every diagnostic has its place',
    () => {
      fc.assert(
        fc.property(yamlTexts, (text) => {
          const { diagnostics, manifests } = parseText(`apiVersion: v1\nkind: A\n${text}\n---\n${text}`);
          for (const { span } of diagnostics) expect(span?.line).toBeGreaterThan(0);
          for (const { locate } of manifests) expect(locate(['kind']).line).toBeGreaterThan(0);
        }),
        { numRuns: 1000 },
      );
    },
    TIMEOUT_MS,
  );

  test(
    'reads what JSON and YAML printers wrote',
    () => {
      fc.assert(
        fc.property(plainValues, (value) => {
          const object = { apiVersion: 'v1', kind: 'A', value };
          expect(parseText(JSON.stringify(object)).manifests[0]?.value).toEqual(object);
          expect(parseText(stringify(object, { version: '1.1' })).manifests[0]?.value).toEqual(object);
        }),
        { numRuns: 1000 },
      );
    },
    TIMEOUT_MS,
  );
});

/** Every place below this one, by its path. */
function placesBelow(place: Place, path = ''): string[] {
  return [...place.children()].flatMap(([name, child]) => {
    // Missing values are shown at their keys: where they would stand is nobody's business.
    const start = child.start === child.end ? 'missing' : child.start;
    const own = `${path}/${name} ${child.key?.start}-${child.key?.end} ${child.isBlock ? 'block' : start}`;
    return [own, ...placesBelow(child, `${path}/${name}`)];
  });
}

describe('the fast reader', () => {
  test(
    'gives what the general parser gives, values and places, or declines',
    () => {
      let accepted = 0;
      fc.assert(
        fc.property(yamlTexts, (text) => {
          const value = readFastYaml(text);
          if (value === undefined) return;
          accepted += 1;
          const { documents, problems } = readGeneralYaml(text, 0);
          expect(problems).toEqual([]);
          expect(documents).toHaveLength(1);
          const [document] = documents;
          expect(document?.warnings).toEqual([]);
          expect(JSON.stringify(value)).toBe(JSON.stringify(document?.value));
          const general = document?.place();
          if (general !== undefined)
            expect(placesBelow(fastYamlPlace(text, 0))).toEqual(placesBelow(general));
        }),
        { numRuns: 4000 },
      );
      expect(accepted).toBeGreaterThan(300);
    },
    TIMEOUT_MS,
  );
});
