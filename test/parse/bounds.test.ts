import { describe, expect, test, vi } from 'vitest';
import { Parser, YAMLParseError } from 'yaml';
import { MAX_OF_CODE } from '../../src/diagnostic/collector.ts';
import { parse } from '../../src/parse/parse.ts';

const MANY = 6000;

function countsOf(text: string): Readonly<Record<string, { readonly kept: number; readonly all: number }>> {
  const counts: Record<string, { kept: number; all: number }> = {};
  const { diagnostics } = parse([{ path: 'input.yaml', bytes: new TextEncoder().encode(text) }]);
  for (const { code, more } of diagnostics) {
    const count = counts[code] ?? { kept: 0, all: 0 };
    counts[code] = { kept: count.kept + 1, all: count.all + 1 + (more?.count ?? 0) };
    for (const file of more?.files ?? []) expect(file).toBe('input.yaml');
  }
  return counts;
}

describe('what is kept of very many problems', () => {
  test('repeated keys in JSON', () => {
    const keys = Array.from({ length: MANY + 1 }, () => '"x":1').join(',');
    expect(countsOf(`{"apiVersion":"v1","kind":"Service",${keys}}`)).toEqual({
      'duplicate-key': { kept: MAX_OF_CODE, all: MANY },
    });
  });

  test('repeated keys in YAML', () => {
    expect(countsOf(`apiVersion: v1\nkind: Service\n${'x: 1\n'.repeat(MANY + 1)}`)).toEqual({
      'duplicate-key': { kept: MAX_OF_CODE, all: MANY },
    });
  });

  test('documents that are no objects, or cannot be read', () => {
    const text = `${'a: 1\n---\n'.repeat(MANY)}${'a: [\n---\n'.repeat(3000)}`;
    expect(countsOf(text)).toEqual({
      'not-a-manifest': { kept: MAX_OF_CODE, all: MANY },
      'yaml-syntax': { kept: MAX_OF_CODE, all: 3000 },
    });
  });
});

describe('what is done with text that is broken all the way', () => {
  test('after a hundred quotes that are never closed, no more is read', () => {
    const next = vi.spyOn(Parser.prototype, 'next');
    expect(countsOf('- "a\n'.repeat(MANY))).toEqual({ 'yaml-syntax': { kept: 1, all: 1 } });
    expect(next.mock.calls.length).toBeLessThan(1000);
    next.mockRestore();
  });

  test('errors of the parser do not keep where in the program they were made', () => {
    const before = Error.stackTraceLimit;
    const said = new Set<unknown>();
    Object.defineProperty(YAMLParseError.prototype, 'code', {
      configurable: true,
      set: () => said.add(Error.stackTraceLimit),
    });
    expect(countsOf('- @\n'.repeat(10))).toEqual({ 'yaml-syntax': { kept: 1, all: 1 } });
    Reflect.deleteProperty(YAMLParseError.prototype, 'code');
    expect([...said]).toEqual([0]);
    expect(Error.stackTraceLimit).toBe(before);
  });
});
