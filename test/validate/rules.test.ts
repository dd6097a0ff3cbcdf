import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validateCodes } from '../../src/diagnostic/codes/validate.ts';
import { allRules } from '../../src/validate/rules/index.ts';
import { checkText, readFixture } from '../support/check-text.ts';

const codesOf = (text: string) => checkText(text).map(({ code }) => code);
const errorsOf = (text: string) =>
  checkText(text)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

test('there is a rule for every code, and a code for every rule', () => {
  expect(allRules.map(({ code }) => code).sort()).toEqual(Object.keys(validateCodes).sort());
});

describe.each(allRules.map((rule) => [rule.code, rule] as const))('%s', (code, rule) => {
  test('has a fixture that triggers it, and one that nearly does', () => {
    const found = checkText(readFixture(`invalid/${code}/input.yaml`)).filter((each) => each.code === code);
    expect(found).not.toEqual([]);
    expect(found.every(({ severity }) => severity === rule.severity)).toBe(true);
    expect(codesOf(readFixture(`invalid/${code}/near-miss.yaml`))).not.toContain(code);
  });

  test('has a near miss that nothing else is wrong with', () => {
    expect(errorsOf(readFixture(`invalid/${code}/near-miss.yaml`))).toEqual([]);
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
