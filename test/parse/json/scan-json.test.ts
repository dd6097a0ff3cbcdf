import { describe, expect, test } from 'vitest';
import { scanJson } from '../../../src/parse/json/scan-json.ts';

describe('scanJson', () => {
  test.each([
    '1',
    '-0.5e+3',
    'true',
    '""',
    '"a\\"b\\\\"',
    '"\\u00e4\\n"',
    '[]',
    '{}',
    '[1, [2], {"a": [ ] } ]',
    ' {"a" : 1 ,\n"b":null}',
    `${'['.repeat(100)}${']'.repeat(100)}`,
  ])('finds the end of %s', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(scanJson(text, 0)).toEqual({ end: text.length });
  });

  test('stops behind the first value', () => expect(scanJson('{"a":1} {"b":2}', 0)).toEqual({ end: 7 }));

  test.each([
    ['', 0, 'expected a value, but the text ends'],
    ['nul', 0, 'expected a value, not "n"'],
    ['01', 0, 'expected a value, not "0"'],
    ['[1', 2, 'expected "," or "]", but the text ends'],
    ['[1 2]', 3, 'expected "," or "]", not "2"'],
    ['[1,]', 3, 'expected a value, not "]"'],
    ['[,]', 1, 'expected a value or "]", not ","'],
    ['{a: 1}', 1, 'expected a key in double quotes or "}", not "a"'],
    ['{"a" 1}', 5, 'expected ":", not "1"'],
    ['{"a": 1,}', 8, 'expected a key in double quotes, not "}"'],
    ['{"a": 1]', 7, 'expected "," or "}", not "]"'],
    ["['a']", 1, 'expected a value or "]", not "\'"'],
    ['["a\n"]', 1, 'a string is not closed on its line, or holds an escape that JSON does not have'],
    ['["\\x"]', 1, 'a string is not closed on its line, or holds an escape that JSON does not have'],
    ['["a]', 1, 'a string is not closed on its line, or holds an escape that JSON does not have'],
    ['[💥]', 1, 'expected a value or "]", not "💥"'],
  ])('says what is wrong with %j', (text, start, message) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(scanJson(text, 0)).toMatchObject({ message, range: { start }, kind: 'syntax' });
  });

  test.each(['[', '{"a":', '[{"a":'])('stops where %j is nested too deeply', (opening) => {
    const scan = scanJson(opening.repeat(1000), 0);
    expect(scan).toMatchObject({ kind: 'depth' });
    expect('range' in scan ? scan.range.start : 0).toBeLessThan(600);
  });

  test('tells of keys that stand twice, also when they are spelled otherwise', () => {
    const found: unknown[] = [];
    scanJson(
      '{"a":{"b":1,"\\u0062":2},"c":[0,{"d":1,"d":2}],"__proto__":1,"__proto__":2}',
      0,
      (key, { path }) => found.push([key, path]),
    );
    expect(found).toEqual([
      ['b', ['a', 'b']],
      ['d', ['c', 1, 'd']],
      ['__proto__', ['__proto__']],
    ]);
  });
});
