import { formatFieldPath } from '../model/field-path.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapeXml, guardLines } from './escape.ts';

export interface JunitOptions {
  /** The files that were looked at: those of which there is nothing to say are tests that pass. */
  readonly files: readonly string[];
}

/**
 * A test report in the XML of JUnit, as GitLab (lib/gitlab/ci/parsers/test/junit.rb) and Jenkins (junit-plugin) read it:
 * one suite, with a test for each diagnostic and for each file without any. Errors are failures; warnings are tests that
 * pass, and say so. GitLab tells tests apart by `classname` and `name`, so that a name holds the place.
 */
export function* printJunit(diagnostics: readonly Diagnostic[], { files }: JunitOptions): Generator<string> {
  const spoken = new Set(diagnostics.map(fileOf));
  const silent = files.filter((file) => !spoken.has(file));
  const cases = [...diagnostics, ...diagnostics.filter(({ more }) => more !== undefined)];
  const counts = attributes({
    name: 'svcgen validate',
    tests: String(cases.length + silent.length),
    failures: String(cases.filter(({ severity }) => severity === 'error').length),
    errors: '0',
  });
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${counts}>\n  <testsuite${counts}>\n`;
  for (const diagnostic of diagnostics) yield* testCases(diagnostic);
  for (const file of silent)
    yield `    <testcase${attributes({ classname: file, name: 'no problems', file })}/>\n`;
  yield '  </testsuite>\n</testsuites>\n';
}

function* testCases(diagnostic: Diagnostic): Generator<string> {
  const { code, span, object, message, more } = diagnostic;
  const place = span === undefined ? '' : ` (line ${span.line}, column ${span.column})`;
  const name = object === '' ? `${code}${place}` : `${code}: ${subjectOf(diagnostic)}${place}`;
  yield testCase(diagnostic, { name, message, details: detailsOf(diagnostic) });
  if (more === undefined) return;
  const rest = `${more.count} more of this code`;
  yield testCase(diagnostic, { name: `${code}: ${rest}`, message: rest, details: [rest] });
}

interface TestCase {
  readonly name: string;
  readonly message: string;
  readonly details: readonly string[];
}

function testCase(diagnostic: Diagnostic, { name, message, details }: TestCase): string {
  const { severity, code } = diagnostic;
  const file = fileOf(diagnostic);
  const head = `<testcase${attributes({ classname: file === '' ? 'svcgen' : file, name, ...(file === '' ? {} : { file }) })}>`;
  const text = guardLines(details.map(escapeXml).join('\n'));
  const result =
    severity === 'error'
      ? `<failure${attributes({ type: code, message })}>${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return `    ${head}\n      ${result}\n    </testcase>\n`;
}

function detailsOf(diagnostic: Diagnostic): readonly string[] {
  const { severity, code, span, message, hint, related } = diagnostic;
  const place = span === undefined ? '' : `${span.file}:${span.line}:${span.column}: `;
  const subject = subjectOf(diagnostic);
  return [
    `${place}${severity}[${code}]: ${message}`,
    ...(subject === '' ? [] : [subject]),
    ...(span === undefined ? [] : [span.excerpt.text]),
    ...related.map(
      (other) => `${other.span.file}:${other.span.line}:${other.span.column}: note: ${other.message}`,
    ),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}

function subjectOf({ object, field }: Diagnostic): string {
  return [object, formatFieldPath(field)].filter((part) => part !== '').join(': ');
}

function fileOf({ span, file = '' }: Diagnostic): string {
  return span?.file ?? file;
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}
