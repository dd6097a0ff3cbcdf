import fc from 'fast-check';
import { codeRecords } from '../../src/cli/describe-code/code-records.ts';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import type { Span } from '../../src/model/source.ts';

const NASTY = [
  '\u001b[2J\u001b]0;owned\u0007',
  '\u009b31m',
  '\u202e\u2066',
  '\r\n::error::x',
  '\u0000',
  '\ud800',
  '\u{e0041}',
  '%0A::set-output name=a::b',
  '"\\',
  '👨‍👩‍👧',
  '\u2028',
  ']]>{0}',
  '::error title=x::y',
  ' ##[',
  '##vso[task.x]y',
  '##',
  '[group]',
];

/** Text with all that terminals, logs and parsers could stumble over. */
export const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 5 })
  .map((parts) => parts.join(''));

const span: fc.Arbitrary<Span> = fc.record({
  file: hostileText,
  line: fc.integer({ min: 1, max: 1e9 }),
  column: fc.integer({ min: 1, max: 1e9 }),
  excerpt: fc.record({ text: hostileText, start: fc.nat(40), length: fc.integer({ min: 1, max: 40 }) }),
});

const codes = [...codeRecords().keys()];

const diagnostic: fc.Arbitrary<Diagnostic> = fc
  .record({
    code: fc.constantFrom(...codes),
    severity: fc.constantFrom('error' as const, 'warning' as const, 'info' as const),
    object: hostileText,
    field: fc.array(fc.oneof(hostileText, fc.nat())),
    span: fc.option(span, { nil: undefined }),
    related: fc.array(fc.record({ message: hostileText, span }), { maxLength: 2 }),
    message: hostileText,
    hint: fc.option(hostileText, { nil: undefined }),
    file: fc.option(hostileText, { nil: undefined }),
    more: fc.option(
      fc.record({
        count: fc.integer({ min: 1 }),
        files: fc.array(hostileText).map((files) => new Set(files)),
      }),
      { nil: undefined },
    ),
  })
  .map(({ hint, file, ...rest }) => ({
    ...rest,
    ...(hint === undefined ? {} : { hint }),
    ...(file === undefined ? {} : { file }),
  }));

export const arbitraryDiagnostics = fc.array(diagnostic, { maxLength: 4 });
