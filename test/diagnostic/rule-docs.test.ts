import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { printRuleDocs } from '../../scripts/print-rule-docs.ts';
import { documentedCodes } from '../../src/cli/describe-code/code-documentation.ts';
import { explainCode } from '../../src/cli/describe-code/describe-code.ts';
import { diagnosticCodes } from '../../src/diagnostic/codes.ts';

test('docs/rules.md says what the rules say (node scripts/generate-rule-docs.mjs)', () => {
  const path = new URL('../../docs/rules.md', import.meta.url);
  expect(readFileSync(path, 'utf8') === printRuleDocs(), 'docs/rules.md is out of date').toBe(true);
});

test('every code is documented, once', () => {
  const codes = documentedCodes().map(({ code }) => code);
  expect([...codes].sort()).toEqual(Object.keys(diagnosticCodes).sort());
});

describe.each(documentedCodes().map((documentation) => [documentation.code, documentation] as const))(
  '%s',
  (code, { summary, explanation, examples, isRule }) => {
    test('is lower-case kebab, and summed up in one line without a full stop', () => {
      expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(summary).toMatch(/^[^\n]{10,110}[^\n.]$/);
    });

    test('is explained', () => {
      expect(explainCode(code)).toMatch(new RegExp(`^${code} \\(`));
      expect(explanation).toMatch(/^.{40,}[.:]/s);
      if (isRule || examples !== undefined) expect(examples?.failing).not.toBe(examples?.passing);
    });
  },
);
