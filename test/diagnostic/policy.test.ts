import { expect, test } from 'vitest';
import { hasErrors } from '../../src/diagnostic/has-errors.ts';
import { applyPolicy, defaultPolicy } from '../../src/diagnostic/policy.ts';
import { diagnosticOf, spanOf } from '../support/diagnostics.ts';

const warning = diagnosticOf({ severity: 'warning' });
const error = diagnosticOf({ severity: 'error' });

test('sorts by file, line, column and code, and says nothing twice', () => {
  const at = (file: string, line: number) => diagnosticOf({ span: spanOf({ file, line }) });
  const sorted = applyPolicy([at('b', 1), at('a', 10), at('a', 9), at('a', 9)], defaultPolicy);
  expect(sorted.map(({ span }) => `${span?.file}:${span?.line}`)).toEqual(['a:9', 'a:10', 'b:1']);
});

test('--disable silences warnings; an error of a stage is never kept back', () => {
  const policy = { ...defaultPolicy, disabledCodes: new Set(['field-type']) };
  expect(applyPolicy([warning, error], policy)).toEqual([error]);
});

test('--strict makes errors of what kubectl refuses under --validate=strict, and of nothing else', () => {
  const policy = { ...defaultPolicy, strict: true };
  const severities = (['duplicate-key', 'unknown-field', 'field-type'] as const).map(
    (code) => applyPolicy([diagnosticOf({ code, severity: 'warning' })], policy)[0]?.severity,
  );
  expect(severities).toEqual(['error', 'error', 'warning']);
});

test('--warnings-as-errors spares no warning', () => {
  expect(applyPolicy([warning], { ...defaultPolicy, warningsAsErrors: true })).toEqual([error]);
});

test('an info is an info under every flag, can be silenced, and stops nothing', () => {
  const info = diagnosticOf({ severity: 'info' });
  const strictest = { ...defaultPolicy, strict: true, warningsAsErrors: true };
  expect(applyPolicy([info], strictest)).toEqual([info]);
  expect(hasErrors([info])).toBe(false);
  expect(applyPolicy([info], { ...strictest, disabledCodes: new Set([info.code]) })).toEqual([]);
});
