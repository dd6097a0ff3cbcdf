import { describe, expect, test } from 'vitest';
import { isMap, isScalar, parseDocument } from 'yaml';
import { keyName } from '../../../src/parse/yaml/resolve-scalar.ts';

function nameOf(text: string): string | undefined {
  const { contents } = parseDocument(`${text}: x`, { schema: 'failsafe', resolveKnownTags: false });
  const key = isMap(contents) ? contents.items[0]?.key : undefined;
  return isScalar(key) ? keyName(key) : 'no scalar';
}

describe('keyName, as sigs.k8s.io/yaml', () => {
  test.each([
    ['a', 'a'],
    ['"80"', '80'],
    ['80', '80'],
    ['0x50', '80'],
    ['0100', '64'],
    ['080', '80'],
    ['1_000', '1000'],
    ['-0', '0'],
    ['9007199254740993', '9007199254740993'],
    ['9223372036854775807', '9223372036854775807'],
    ['on', 'true'],
    ['n', 'false'],
    ['"n"', 'n'],
    ['2026-01-05', '2026-01-05'],
    ['1:20', '1:20'],
    ['1.5', '1.5'],
    ['1.10', '1.1'],
    ['-0.25', '-0.25'],
    ['0.0001', '0.0001'],
    ['0.00001', '1e-05'],
    ['8e1', '80'],
    ['100000.0', '100000'],
    ['1e6', '1e+06'],
    ['1234567.0', '1.234567e+06'],
    ['0.1', '0.1'],
    ['16777217.0', '1.6777216e+07'],
    ['1e39', '.inf'],
    ['.inf', '.inf'],
    ['-.INF', '-.inf'],
    ['.NaN', '.nan'],
    ['!!str 80', '80'],
    ['!!int "80"', '80'],
  ])('%s', (text, name) => expect(nameOf(text)).toBe(name));

  test.each(['~', 'null', '!!null x'])('%s is refused', (text) => expect(nameOf(text)).toBeUndefined());

  test('integers beyond int64 are refused', () => expect(nameOf('9223372036854775808')).toBeUndefined());
});
