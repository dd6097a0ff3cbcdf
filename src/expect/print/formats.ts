import {
  escapeGithubMessage,
  escapeGithubProperty,
  escapeJson,
  escapeText,
  escapeXml,
  guardLines,
} from '../../diagnostic/escape.ts';
import { noColors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import { printPrettyExplanation } from '../../explain/print/print.ts';
import type { Span } from '../../model/source.ts';
import { type CaseResult, type Failure, type RanCase, spanOf, type TestReport } from '../run-cases.ts';
import { describeFailure, MAX_LISTED } from './pretty.ts';

/** The Test Anything Protocol, version 14: a test point for each case, with what differs as YAML (testanything.org). */
export function printTapTest({ cases }: TestReport<CaseResult | RanCase>): string {
  const points = cases.flatMap((result, index) => {
    const { name, failures } = result;
    // "#" begins a directive there, and a backslash escapes it.
    const title = escapeText(name).replace(/[\\#]/g, '\\$&');
    const point = `${failures.length === 0 ? 'ok' : 'not ok'} ${index + 1} - ${title}`;
    if (failures.length === 0) return [point];
    return [
      point,
      '  ---',
      `  at: ${JSON.stringify(placeOf(spanOf(result)))}`,
      '  failures:',
      ...failures.map((failure) => `    - ${escapeJson(JSON.stringify(describeFailure(failure)))}`),
      '  ...',
    ];
  });
  return guardLines(`${['TAP version 14', `1..${cases.length}`, ...points].join('\n')}\n`);
}

function placeOf({ file, line, column }: Span): string {
  return `${file}:${line}:${column}`;
}

/** A test report in the XML of JUnit: a test for each case, with the packet's way in its failure. */
export function printJunitTest({ cases }: TestReport<CaseResult | RanCase>): string {
  const counts = attributes({
    name: 'svcgen test',
    tests: String(cases.length),
    failures: String(cases.filter(({ failures }) => failures.length > 0).length),
    errors: '0',
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites${counts}>\n  <testsuite${counts}>\n`,
    ...cases.map(junitCase),
    '  </testsuite>\n</testsuites>\n',
  ].join('');
}

function junitCase(result: CaseResult | RanCase): string {
  const { name, failures } = result;
  const { file, line } = spanOf(result);
  const head = `    <testcase${attributes({ classname: file, name, file, line: String(line) })}`;
  const [first] = failures;
  if (first === undefined) return `${head}/>\n`;
  const text = guardLines(detailsOf(failures).map(escapeXml).join('\n'));
  const failure = `<failure${attributes({ type: 'traffic', message: describeFailure(first) })}>${text}</failure>`;
  return `${head}>\n      ${failure}\n    </testcase>\n`;
}

function detailsOf(failures: readonly Failure[]): readonly string[] {
  return failures.flatMap((failure, index) => {
    const { connection, expected, differences, explanation } = failure;
    const way =
      index > 0 || explanation === undefined
        ? []
        : printPrettyExplanation(explanation, { colors: noColors, isVerbose: false }).split('\n');
    return [connection, `expected: ${expected}`, ...differences.map((each) => `but: ${each}`), ...way];
  });
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

/** Workflow commands of GitHub Actions: an error at each case that fails, then a line that sums up. */
export function printGithubTest({ cases }: TestReport<CaseResult | RanCase>): string {
  const failed = cases.filter(({ failures }) => failures.length > 0);
  const commands = failed.map((result) => {
    const { name, failures } = result;
    const { file, line, column } = spanOf(result);
    const properties = Object.entries({
      file,
      line: String(line),
      col: String(column),
      title: name,
    }).map(([key, value]) => `${key}=${escapeGithubProperty(value)}`);
    return `::error ${properties.join(',')}::${escapeGithubMessage(failures.slice(0, MAX_LISTED).map(describeFailure))}\n`;
  });
  return `${commands.join('')}${count(cases.length, 'case')}, ${failed.length} failed\n`;
}

/** One JSON object, described in docs/test.md. A case has a line. */
export function printJsonTest({ cases, notes }: TestReport<CaseResult | RanCase>): string {
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const lines = cases.map((result) => {
    const { name, connections, failures } = result;
    const { file, line, column } = spanOf(result);
    return escapeJson(
      JSON.stringify({
        name,
        file,
        line,
        column,
        passed: failures.length === 0,
        connections,
        failures: failures.map(({ connection, expected, differences, explanation }) => ({
          connection,
          expected,
          differences,
          verdict: explanation?.verdict.text ?? null,
        })),
      }),
    );
  });
  const list = lines.map((line) => `    ${line}`).join(',\n');
  const said = escapeJson(JSON.stringify(notes));
  return `{\n  "passed": ${failed === 0},\n  "failed": ${failed},\n  "notes": ${said},\n  "cases": [\n${list}\n  ]\n}\n`;
}
