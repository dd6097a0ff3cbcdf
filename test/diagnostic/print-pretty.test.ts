import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { type Colors, noColors, printPretty } from '../../src/diagnostic/print-pretty.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';

const options = { colors: noColors };

describe('printPretty', () => {
  test('names place, code, object, field, line and hint', () => {
    expect(textOf(printPretty([diagnosticOf()], options))).toBe(`\
web.yaml:14:17: error[field-type]: nodePort 80 is outside 30000-32767
  Service default/web: spec.ports[0].nodePort
  14 |       nodePort: 80
     |                 ^^
  hint: choose a port in the range, or omit it

1 error in 1 file
`);
  });

  test('gives related places their own frame, all rulers in one column', () => {
    const { hint: _, ...duplicate } = diagnosticOf({
      message: 'there are two of it',
      field: ['metadata', 'name'],
      span: spanOf({ line: 120, text: '  name: web', part: 'web' }),
      related: [
        {
          message: 'the first one',
          span: spanOf({ file: 'a.yaml', line: 4, text: '  name: web', part: 'web' }),
        },
      ],
    });
    expect(textOf(printPretty([duplicate], options))).toBe(`\
web.yaml:120:9: error[field-type]: there are two of it
  Service default/web: metadata.name
  120 |   name: web
      |         ^^^
  a.yaml:4:9: note: the first one
    4 |   name: web
      |         ^^^

1 error in 1 file
`);
  });

  test('prints a diagnostic about no file and no object in one line', () => {
    const { hint: _, ...bare } = diagnosticOf({
      object: '',
      field: [],
      span: undefined,
      message: 'no input',
    });
    expect(textOf(printPretty([bare], options))).toBe('error[field-type]: no input\n\n1 error\n');
  });

  test('shows no frame of an empty line', () => {
    const { hint: _, ...atEnd } = diagnosticOf({ span: spanOf({ text: '' }), object: '', field: [] });
    expect(textOf(printPretty([atEnd], options))).not.toContain('|');
  });

  test.each([
    ['a tab before it', '\tport: x', 'x', '    port: x', '          ^'],
    ['a tab inside', 'a\tb', 'a\tb', 'a   b', '^^^^^'],
    ['wide characters', '名: 値x', '値x', '名: 値x', '    ^^^'],
    ['combining marks', 'e\u0301: x', 'x', 'e\u0301: x', '   ^'],
    ['emoji', '🚀: x', 'x', '🚀: x', '    ^'],
    ['an ANSI sequence', 'a\u001b[31m: x', 'x', 'a\\u001b[31m: x', '             ^'],
    ['a bidi override', 'a: \u202ex', '\u202ex', 'a: \\u202ex', '   ^^^^^^^'],
    ['a no-break space', 'a:\u00a0x', '\u00a0', 'a:\\u00a0x', '  ^^^^^^'],
  ])('points at the value behind %s', (_, text, part, line, caret) => {
    const lines = textOf(printPretty([diagnosticOf({ span: spanOf({ text, part }) })], options)).split('\n');
    expect(lines[2]).toBe(`  1 | ${line}`);
    expect(lines[3]).toBe(`    | ${caret}`);
  });

  test('points behind the end of a line', () => {
    const span = { file: 'a.yaml', line: 1, column: 4, excerpt: { text: 'a: ', start: 3, length: 1 } };
    expect(textOf(printPretty([diagnosticOf({ span })], options))).toContain('\n  1 | a:\n    |    ^\n');
  });

  test('colours severity, places, rulers and carets, nothing else', () => {
    const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const colors: Colors = {
      error: tag('e'),
      warning: tag('w'),
      info: tag('i'),
      strong: tag('s'),
      faint: tag('f'),
      label: tag('l'),
    };
    expect(textOf(printPretty([diagnosticOf({ severity: 'warning' })], { colors }))).toBe(`\
<s>web.yaml:14:17:</s> <w>warning[field-type]</w><s>: nodePort 80 is outside 30000-32767</s>
  Service default/web: spec.ports[0].nodePort
  <f>14 |</f>       nodePort: <w>80</w>
  <f>   |</f>                 <w>^^</w>
  <l>hint:</l> choose a port in the range, or omit it

<w>1 warning in 1 file</w>
`);
  });

  test('an info is no problem, and is counted on its own', () => {
    const info = diagnosticOf({ severity: 'info', span: spanOf({ file: 'other.yaml' }) });
    const lastLine = (diagnostics: readonly Diagnostic[]) =>
      textOf(printPretty(diagnostics, { ...options, filesChecked: 3 }))
        .trimEnd()
        .split('\n')
        .at(-1);
    expect(lastLine([info])).toBe('no problems in 3 files; 1 info');
    expect(lastLine([diagnosticOf(), info, info])).toBe('1 error in 1 of 3 files; 2 infos');
  });

  test.each([
    [0, 3, 'no problems in 3 files'],
    [0, undefined, 'no problems'],
    [1, 3, '1 error in 1 of 3 files'],
    [2, 2, '2 errors in 2 files'],
  ])('sums up %i problems, %s files checked', (errors, filesChecked, expected) => {
    const diagnostics = Array.from({ length: errors }, (_, index) =>
      diagnosticOf({ span: spanOf({ file: `${index}.yaml` }) }),
    );
    const text = textOf(printPretty(diagnostics, { ...options, filesChecked }));
    expect(text.trimEnd().split('\n').at(-1)).toBe(expected);
  });

  test('never throws and lets nothing invisible through, whatever the input holds', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, (diagnostics) => {
        const text = textOf(printPretty(diagnostics, options));
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u);
      }),
    );
  });
});
