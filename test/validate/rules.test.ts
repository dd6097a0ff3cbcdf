import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateCodes } from '../../src/diagnostic/codes/validate.ts';
import { allRules } from '../../src/validate/rules/index.ts';
import { checkText, readFixture } from '../support/check-text.ts';
import { readCaseOptions } from '../support/invalid-case.ts';

/** Their examples are cut: what they are about is size. */
const ABRIDGED = new Set([
  'annotations-size',
  'slice-endpoints-limit',
  'slice-ports-limit',
  'endpoints-within-capacity',
]);

const codesOf = (text: string, path?: string) =>
  checkText(text, path === undefined ? {} : readCaseOptions(path)).map(({ code }) => code);
const errorsOf = (text: string) =>
  checkText(text)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

test('there is a rule for every code, and a code for every rule', () => {
  expect(allRules.map(({ code }) => code).sort()).toEqual(Object.keys(validateCodes).sort());
});

describe.each(allRules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  const folder = `fixtures/invalid/${code}`;

  test('has a fixture that triggers it, and one that nearly does', () => {
    expect(existsSync(`${folder}/input.yaml`) && existsSync(`${folder}/near-miss.yaml`)).toBe(true);
    const input = checkText(readFixture(`invalid/${code}/input.yaml`), readCaseOptions(folder));
    const found = input.filter((each) => each.code === code);
    expect(found).not.toEqual([]);
    expect(found.every(({ severity }) => severity === rule.severity)).toBe(true);
    expect(codesOf(readFixture(`invalid/${code}/near-miss.yaml`), folder)).not.toContain(code);
  });

  test('has a near miss that nothing else is wrong with', () => {
    expect(errorsOf(readFixture(`invalid/${code}/near-miss.yaml`))).toEqual([]);
  });

  test('explains itself with examples that are true', () => {
    expect(codesOf(rule.passingExample)).not.toContain(code);
    if (!ABRIDGED.has(code)) expect(codesOf(rule.failingExample)).toContain(code);
  });

  test('lives in a file of its name', () => {
    const files = readdirSync('src/validate/rules', { recursive: true, encoding: 'utf8' }).map((path) =>
      path.split('/').at(-1),
    );
    const isShape = [
      'unknown-field',
      'field-type',
      'integer-size',
      'timestamp-format',
      'quantity-format',
    ].includes(code);
    const isEarly = ['api-version-served', 'kind-in-api-version', 'silenced-object-left-out'].includes(code);
    if (!isShape && !isEarly) expect(files).toContain(`${code}.ts`);
  });
});
