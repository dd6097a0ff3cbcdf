import { describe, expect, test } from 'vitest';
import { createCollector, MAX_OF_CODE } from '../../src/diagnostic/collector.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { applyPolicy, defaultPolicy } from '../../src/diagnostic/policy.ts';
import { summarize } from '../../src/diagnostic/summarize.ts';
import { diagnosticOf, spanOf } from '../support/diagnostics.ts';

function collected(diagnostics: Iterable<Diagnostic>): readonly Diagnostic[] {
  const collector = createCollector<Diagnostic>(({ span }) => span?.file);
  for (const diagnostic of diagnostics) collector.add(diagnostic);
  return collector.items();
}

function many(number: number, parts: Partial<Diagnostic> = {}): readonly Diagnostic[] {
  return Array.from({ length: number }, (_, index) =>
    diagnosticOf({ span: spanOf({ file: `${index % 3}.yaml`, line: index + 1 }), ...parts }),
  );
}

describe('a collector', () => {
  test('keeps everything where there is not too much', () => {
    const all = many(MAX_OF_CODE);
    expect(collected(all)).toEqual(all);
  });

  test('keeps the first ones of a code, and counts the others', () => {
    const items = collected(many(MAX_OF_CODE + 5));
    expect(items).toHaveLength(MAX_OF_CODE);
    expect(items.slice(0, -1)).toEqual(many(MAX_OF_CODE - 1));
    expect(items.at(-1)?.more).toEqual({ count: 5, files: new Set(['1.yaml', '2.yaml', '0.yaml']) });
  });

  test('keeps no more than code scanning takes, but something of every code', () => {
    const codes = Array.from({ length: 20 }, (_, index) => `code-${index}`);
    const items = collected(codes.flatMap((code) => many(2000, { code })));
    const ofCode = (code: string) => items.filter((item) => item.code === code);
    expect(items.length).toBe(25_000 + 7);
    expect(codes.map((code) => ofCode(code).length)).toEqual([
      ...Array(12).fill(2000),
      1000,
      ...Array(7).fill(1),
    ]);
    const all = ofCode('code-19').reduce((sum, { more }) => sum + 1 + (more?.count ?? 0), 0);
    expect(all).toBe(2000);
  });

  test('tells severities apart', () => {
    const items = collected([...many(MAX_OF_CODE + 1), ...many(1, { severity: 'warning' })]);
    expect(items.map(({ severity }) => severity).filter((each) => each === 'warning')).toHaveLength(1);
  });

  test('counts errors, kept or not, and what was never made', () => {
    const collector = createCollector<Diagnostic>(() => undefined);
    for (const diagnostic of many(MAX_OF_CODE)) collector.add(diagnostic);
    collector.count(diagnosticOf(), 1_000_000, 'a.yaml');
    collector.count(diagnosticOf({ severity: 'warning' }), 3);
    expect(collector.errors()).toBe(MAX_OF_CODE + 1_000_000);
    expect(collector.hasRoom(diagnosticOf())).toBe(false);
    expect(collector.items().at(-1)?.more).toEqual({ count: 1_000_000, files: new Set(['a.yaml']) });
  });
});

describe('a policy', () => {
  test('counts what stages have not kept, once', () => {
    const stages = [...collected(many(MAX_OF_CODE + 5)), ...collected(many(10))];
    const found = applyPolicy(stages, defaultPolicy);
    expect(found).toHaveLength(MAX_OF_CODE);
    expect(summarize(found)).toEqual({ errors: MAX_OF_CODE + 5, warnings: 0, infos: 0, filesAffected: 3 });
    expect(summarize(applyPolicy(found, defaultPolicy)).errors).toBe(MAX_OF_CODE + 5);
  });

  test('makes errors of warnings that were not kept, too', () => {
    const found = collected(many(MAX_OF_CODE + 5, { severity: 'warning' }));
    const judged = applyPolicy(found, { ...defaultPolicy, warningsAsErrors: true });
    expect(summarize(judged)).toMatchObject({ errors: MAX_OF_CODE + 5, warnings: 0 });
  });

  test('cuts messages that hold values of any length', () => {
    const [found] = applyPolicy(
      [diagnosticOf({ message: 'x'.repeat(1e6), hint: 'y'.repeat(1e6) })],
      defaultPolicy,
    );
    expect(found?.message).toBe(`${'x'.repeat(2000)}…`);
    expect(found?.hint).toBe(`${'y'.repeat(2000)}…`);
  });
});
