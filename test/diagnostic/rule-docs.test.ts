import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileExamples } from '../../scripts/compile-examples.mjs';
import { printRuleDocs } from '../../scripts/print-rule-docs.ts';
import { cliCodes } from '../../src/cli/codes.ts';
import { codeRecords, isDiagnosticCode } from '../../src/cli/describe-code/code-records.ts';
import { describeCode } from '../../src/cli/describe-code/describe-code.ts';
import { examples } from '../../src/cli/describe-code/generated/examples.js';
import { expectCodes } from '../../src/expect/codes.ts';
import { explainCodes } from '../../src/explain/codes.ts';
import { savedRulesCodes } from '../../src/lang/text/codes.ts';
import { codesOfLibrary } from '../../src/library/codes.ts';
import { parseCodes } from '../../src/parse/codes.ts';
import { renderCodes } from '../../src/render/codes.ts';
import { resolveCodes } from '../../src/resolve/codes.ts';
import { configurationCodes, decoderCodes } from '../../src/validate/codes.ts';
import { allRules } from '../../src/validate/rules/index.ts';

test('examples are those of fixtures/invalid (node scripts/compile-examples.mjs)', () => {
  const path = new URL('../../src/cli/describe-code/generated/examples.js', import.meta.url);
  expect(readFileSync(path, 'utf8') === compileExamples(), 'examples.js is out of date').toBe(true);
});

test('docs/rules.md says what the rules say (node scripts/generate-rule-docs.mjs)', () => {
  const path = new URL('../../docs/rules.md', import.meta.url);
  expect(readFileSync(path, 'utf8') === printRuleDocs(), 'docs/rules.md is out of date').toBe(true);
});

test('no two stages have a code of one name', () => {
  const codes = [
    ...[parseCodes, decoderCodes, configurationCodes, resolveCodes, renderCodes].flatMap(Object.keys),
    ...[savedRulesCodes, explainCodes, expectCodes, codesOfLibrary, cliCodes].flatMap(Object.keys),
    ...new Set(allRules.map(({ code }) => code)),
  ];
  expect([...codes].sort()).toEqual([...codeRecords().keys()].sort());
});

describe.each([...codeRecords()])('%s', (code, { summary, explanation, isRule }) => {
  test('is lower-case kebab, and summed up in one line without a full stop', () => {
    expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(summary).toMatch(/^[^\n]{10,110}[^\n.]$/);
  });

  test('is explained', async () => {
    if (!isDiagnosticCode(code)) throw new Error(code);
    expect(await describeCode(code)).toMatch(new RegExp(`^${code} \\(`));
    expect(explanation).toMatch(/^.{40,}[.:]/s);
    const example = examples[code];
    if (isRule || example !== undefined) expect(example?.failing).not.toBe(example?.passing);
  });
});
