import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CodeDescription } from '../../src/diagnostic/code-record.ts';
import { decoderCodes } from '../../src/validate/codes.ts';
import { allRules } from '../../src/validate/rules/index.ts';
import { checkText, readFixture } from '../support/check-text.ts';
import { kubernetesVersion } from '../support/versions.ts';

/** By the version that the first line names, if it does. */
function check(text: string) {
  const [, name] = /^# .* --kubernetes-version (\S+)\n/.exec(text) ?? [];
  const options = { saysHints: true };
  return checkText(text, name === undefined ? options : { ...options, kubernetes: kubernetesVersion(name) });
}
const codesOf = (text: string) => check(text).map(({ code }) => code);
const errorsOf = (text: string) =>
  check(text)
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

/** Rules, and what is looked at before any of them runs. */
const checks = new Map<string, CodeDescription>([
  ...Object.entries(decoderCodes),
  ...allRules.map((rule) => [rule.code, rule] as const),
]);

const ruleFiles = readdirSync('src/validate/rules', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(`src/validate/rules/${path}`, 'utf8'));

describe.each([...checks])('%s', (code, { severity }) => {
  test('has a fixture that triggers it, and one that nearly does', () => {
    const found = check(readFixture(`invalid/${code}/input.yaml`)).filter((each) => each.code === code);
    expect(found).not.toEqual([]);
    expect(found.every((each) => each.severity === severity)).toBe(true);
    expect(codesOf(readFixture(`invalid/${code}/near-miss.yaml`))).not.toContain(code);
  });

  test('has a near miss that nothing else is wrong with', () => {
    expect(errorsOf(readFixture(`invalid/${code}/near-miss.yaml`))).toEqual([]);
  });

  test('is named in one place of the rules', () => {
    const naming = ruleFiles.filter((text) => text.includes(`code: '${code}'`));
    if (!Object.hasOwn(decoderCodes, code)) expect(naming).toHaveLength(1);
  });
});
