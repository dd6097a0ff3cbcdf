import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printGithub } from '../../src/diagnostic/print-github.ts';
import { diagnosticOf, spanOf, textOf } from '../support/diagnostics.ts';
import { arbitraryDiagnostics } from '../support/hostile-diagnostics.ts';

const options = { filesChecked: 1 };

describe('printGithub', () => {
  test('annotates the value, with object, field and hint', () => {
    expect(textOf(printGithub([diagnosticOf()], options))).toBe(
      '::error file=web.yaml,line=14,col=17,endColumn=19,title=field-type::' +
        'Service default/web: spec.ports[0].nodePort: nodePort 80 is outside 30000-32767' +
        '%0Ahint: choose a port in the range, or omit it\n1 error in 1 file\n',
    );
  });

  test('escapes what would end a property or a command', () => {
    const odd = diagnosticOf({
      span: spanOf({ file: 'a:b,c%.yaml' }),
      message: '100%\n::error::x',
      severity: 'warning',
    });
    const [line] = textOf(printGithub([odd], options)).split('\n');
    expect(line).toContain('::warning file=a%3Ab%2Cc%25.yaml,');
    expect(line).toContain('100%25\\n::error::x');
  });

  test('is a notice where it is an info', () => {
    expect(textOf(printGithub([diagnosticOf({ severity: 'info' })], options))).toMatch(
      /^::notice file=web\.yaml,/,
    );
  });

  test('names related places in the message', () => {
    const first = { message: 'the first one', span: spanOf({ file: 'a.yaml', line: 4 }) };
    expect(textOf(printGithub([diagnosticOf({ related: [first] })], options))).toContain(
      '%0Anote: a.yaml:4:1: the first one%0Ahint: ',
    );
  });

  test('counts what is not listed', () => {
    const more = { count: 900, files: new Set(['web.yaml']) };
    expect(textOf(printGithub([diagnosticOf({ more })], options))).toContain(
      '\n::error title=field-type::and 900 more of this code\n901 errors in 1 file\n',
    );
  });

  test('is one command a diagnostic and a summary, whatever the input holds', () => {
    fc.assert(
      fc.property(arbitraryDiagnostics, (diagnostics) => {
        const lines = textOf(printGithub(diagnostics, options)).trimEnd().split('\n');
        const summary = lines.pop();
        expect(summary).toMatch(/^(?:no problems|\d+ (?:error|warning))/);
        for (const line of lines) {
          expect(line).toMatch(
            /^::(?:error|warning|notice) (?:file=[^,:]*,line=\d+,col=\d+,endColumn=\d+,)?title=[a-z0-9-]+::/,
          );
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });
});
