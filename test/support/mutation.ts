import fc from 'fast-check';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/model/json.ts';

/** Keys and texts that have hurt somebody before. */
const NASTY_TEXTS = [
  '__proto__',
  'constructor',
  'toString',
  'a b',
  'x\n-A INPUT -j ACCEPT',
  '$(id)',
  '"; rm -rf /',
  "'",
  '\u0000',
  '\u202e',
  '\ud800',
  'ａ',
  'x'.repeat(300),
  '010.0.0.1',
  '::ffff:1.2.3.4',
  '10.0.0.1/32',
  'fe80::1%eth0',
  '-1',
  'None',
  '',
];
const NASTY_NUMBERS = [0, -1, 65_536, 70_000, 2 ** 31, 2 ** 53, 1.5, -0, 1e308];

/** Any JSON value, often a small or nasty one. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.constantFrom(...NASTY_NUMBERS),
  fc.constantFrom(null, true, false),
  fc.integer({ min: 0, max: 40_000 }),
  fc.ipV4(),
  fc.ipV6(),
  // JSON.parse gives an own key __proto__ where a literal would set the prototype.
  fc.json({ maxDepth: 3 }).map((text): JsonValue => JSON.parse(text)),
  fc
    .constantFrom('{"__proto__":{"name":"x"}}', '[[]]', '[null]', '{"a":null}')
    .map((text) => JSON.parse(text)),
);

/** An object with up to three of its values (or keys) replaced, removed or added. */
export function mutated(objects: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  const change = fc.record({
    at: fc.nat(),
    value: jsonValue,
    how: fc.constantFrom('set', 'remove', 'add', 'repeat'),
  });
  return fc
    .tuple(
      fc.constantFrom(...objects),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...NASTY_TEXTS),
    )
    .map(([object, changes, key]) => {
      const copy = structuredClone(object);
      for (const { at, value, how } of changes) {
        const places = placesIn(copy);
        const place = places[at % places.length];
        if (place !== undefined) mutate(place, { value, how, key });
      }
      return copy;
    });
}

interface Place {
  readonly parent: Record<string, JsonValue> | JsonValue[];
  readonly key: string | number;
}

/** All of them, each before those within it. Most of the time of many properties goes in here. */
function placesIn(value: JsonValue): readonly Place[] {
  const places: Place[] = [];
  const add = (parent: JsonValue | undefined) => {
    if (Array.isArray(parent)) {
      for (const [key, inner] of parent.entries()) {
        places.push({ parent, key });
        add(inner);
      }
    } else if (isJsonObject(parent)) {
      for (const key of Object.keys(parent)) {
        places.push({ parent, key });
        add(parent[key]);
      }
    }
  };
  add(value);
  return places;
}

function mutate(
  { parent, key }: Place,
  { value, how, key: newKey }: { value: JsonValue; how: string; key: string },
): void {
  const at = Array.isArray(parent) ? Number(key) : key;
  if (how === 'add' && !Array.isArray(parent)) define(parent, newKey, value);
  else if (Array.isArray(parent))
    parent.splice(Number(at), how === 'repeat' ? 0 : 1, ...(how === 'remove' ? [] : [value]));
  else if (how === 'remove') delete parent[String(at)];
  else define(parent, String(at), value);
}

function define(parent: object, key: string, value: JsonValue): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
