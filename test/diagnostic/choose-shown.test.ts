import { describe, expect, test } from 'vitest';
import { chooseShown, countRest } from '../../src/diagnostic/choose-shown.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { noColors, printPretty } from '../../src/diagnostic/print-pretty.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';

function many(number: number, parts: Partial<Diagnostic>, firstLine = 1): readonly Diagnostic[] {
  return Array.from({ length: number }, (_, index) =>
    diagnosticOf({
      hint: 'mend it',
      span: spanOf({ file: `${index % 2}.yaml`, line: firstLine + index }),
      ...parts,
    }),
  );
}

const warnings = many(50, { code: 'unknown-field', severity: 'warning' });
const errors = many(4, { code: 'field-type' }, 100);
const late = many(1, { code: 'object-unique', severity: 'warning' }, 200);
const all = [...warnings, ...errors, ...late];

describe('what is shown of very many', () => {
  test('everything, when there are no more than that', () => {
    expect(chooseShown(all, 55)).toBe(all);
    expect(countRest(all, all)).toEqual([]);
  });

  test('one of each code, then errors, in their order', () => {
    expect(chooseShown(all, 3)).toEqual([warnings[0], errors[0], late[0]]);
    expect(chooseShown(all, 7)).toEqual([warnings[0], warnings[1], ...errors, late[0]]);
  });

  test('three warnings of a code, however much room there is, and all errors that fit', () => {
    expect(chooseShown(all, 20)).toEqual([...warnings.slice(0, 3), ...errors, ...late]);
    const broken = many(30, { code: 'field-type' });
    expect(chooseShown(broken, 20)).toEqual(broken.slice(0, 20));
  });

  test('the rest is counted by code, errors first', () => {
    const more = { count: 7, files: new Set(['2.yaml']) };
    const last = many(1, { code: 'field-type', more }, 300);
    expect(countRest([...all, ...last], chooseShown(all, 3))).toEqual([
      { severity: 'error', code: 'field-type', count: 11, files: new Set(['0.yaml', '1.yaml', '2.yaml']) },
      { severity: 'warning', code: 'unknown-field', count: 49, files: new Set(['0.yaml', '1.yaml']) },
    ]);
  });

  test('pretty output says so', () => {
    const text = textOf(printPretty(all, { colors: noColors, limit: 3 }));
    expect(text.slice(text.indexOf('and '))).toBe(`\
and 52 more:
   3 error[field-type] in 2 files
  49 warning[unknown-field] in 2 files
  hint: --all shows every one

4 errors, 51 warnings in 2 files
`);
    const whole = textOf(printPretty(all, { colors: noColors }));
    expect(whole).not.toContain('more');
    expect(whole.match(/^\d\.yaml:/gm)).toHaveLength(55);
  });

  test('what is not kept can never be shown', () => {
    const more = { count: 7, files: new Set(['0.yaml']) };
    const text = textOf(printPretty(many(1, { code: 'field-type', more }), { colors: noColors }));
    expect(text).toContain(
      'and 7 more:\n  7 error[field-type] in 1 file\n  hint: of one code, 2500 are kept',
    );
    expect(text).toMatch(/\n8 errors in 1 file\n$/);
  });
});
