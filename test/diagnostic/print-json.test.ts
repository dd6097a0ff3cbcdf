import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printJson } from '../../src/diagnostic/print-json.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';

const objects = { valid: 7, invalid: 1, passedOver: 2 };

describe('printJson', () => {
  test('has every part of a diagnostic, and a summary', () => {
    const first = { message: 'the first one', span: spanOf({ file: 'a.yaml', line: 4 }) };
    expect(
      JSON.parse(textOf(printJson([diagnosticOf({ related: [first] })], { filesChecked: 3, objects }))),
    ).toEqual({
      diagnostics: [
        {
          code: 'field-type',
          severity: 'error',
          object: 'Service default/web',
          field: 'spec.ports[0].nodePort',
          message: 'nodePort 80 is outside 30000-32767',
          file: 'web.yaml',
          line: 14,
          column: 17,
          hint: 'choose a port in the range, or omit it',
          related: [{ message: 'the first one', file: 'a.yaml', line: 4, column: 1 }],
        },
      ],
      summary: { errors: 1, warnings: 0, infos: 0, files: 3, filesAffected: 1, objects },
    });
  });

  test('leaves out hint and related when there is none; no file is null', () => {
    const { hint: _, ...bare } = diagnosticOf({ span: undefined });
    const [printed] = JSON.parse(textOf(printJson([bare], { filesChecked: 0, objects }))).diagnostics;
    expect(printed).not.toHaveProperty('hint');
    expect(printed).not.toHaveProperty('related');
    expect(printed).toMatchObject({ file: null, line: null, column: null });
  });

  test('is an empty list without diagnostics', () => {
    expect(JSON.parse(textOf(printJson([], { filesChecked: 2, objects })))).toEqual({
      diagnostics: [],
      summary: { errors: 0, warnings: 0, infos: 0, files: 2, filesAffected: 0, objects },
    });
  });

  test('names the file that it is about as a whole, and counts what is not listed', () => {
    const more = { count: 900, files: new Set(['nowhere.yaml']) };
    const about = diagnosticOf({ span: undefined, file: 'nowhere.yaml', more });
    const { diagnostics, summary } = JSON.parse(textOf(printJson([about], { filesChecked: 0, objects })));
    expect(diagnostics[0]).toMatchObject({ file: 'nowhere.yaml', line: null, column: null });
    expect(summary).toMatchObject({
      errors: 901,
      notListed: [{ code: 'field-type', severity: 'error', count: 900 }],
    });
  });

  test('parses and gives values back whatever they hold, and is safe on a terminal', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, (diagnostics) => {
        const text = textOf(printJson(diagnostics, { filesChecked: 1, objects }));
        const printed: readonly { message: string }[] = JSON.parse(text).diagnostics;
        expect(printed.every(({ message }) => diagnostics.some((each) => each.message === message))).toBe(
          true,
        );
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
      }),
    );
  });
});
