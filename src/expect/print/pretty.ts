import { escapePath, escapeText, guardLines } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import { printPrettyExplanation } from '../../explain/print/print.ts';
import { type CaseResult, type Failure, type RanCase, spanOf, type TestReport } from '../run-cases.ts';

interface PrintOptions {
  readonly colors: Colors;
  /** Every connection that fails with its whole way, not only the first one of a case. */
  readonly isVerbose: boolean;
}

/**
 * Text for people: a line for each case that passes; for one that fails, what differs and the packet's way. What comes from
 * input is escaped: the only control characters are newlines and those of `colors`.
 */
export function printPrettyTest(
  { cases, notes }: TestReport<CaseResult | RanCase>,
  options: PrintOptions,
): string {
  const blocks = cases.map((each) => printCase(each, options));
  const failed = cases.filter(({ failures }) => failures.length > 0).length;
  const connections = cases.reduce((sum, each) => sum + each.connections, 0);
  const { error, strong, faint } = options.colors;
  const result = failed === 0 ? strong('all pass') : error(`${failed} failed`);
  const said = notes.map((note) => guardLines(`${faint('note:')} ${escapeText(note)}\n`));
  const summary = `${count(cases.length, 'case')}, ${count(connections, 'connection')}: ${result}\n`;
  return `${blocks.join('')}${summary}${said.join('')}`;
}

function printCase(result: CaseResult | RanCase, options: PrintOptions): string {
  const { name, connections, failures } = result;
  const { error, label, faint, strong } = options.colors;
  const size = faint(`(${count(connections, 'connection')})`);
  if (failures.length === 0) return guardLines(`${label('ok')}    ${escapeText(name)} ${size}\n`);
  const { file, line, column } = spanOf(result);
  const place = `${escapePath(file)}:${line}:${column}`;
  const shown = options.isVerbose ? failures : failures.slice(0, 1);
  const rest = failures.slice(shown.length);
  const lines = [
    `${error('FAIL')}  ${strong(escapeText(name))}  ${place}`,
    ...shown.flatMap((failure) => printFailure(failure, options)),
    ...(rest.length === 0
      ? []
      : [
          `      and ${rest.length} more of its ${count(connections, 'connection')}:`,
          ...rest.slice(0, MAX_LISTED).map((each) => `        ${escapeText(describeFailure(each))}`),
          ...(rest.length > MAX_LISTED ? [`        and ${rest.length - MAX_LISTED} more`] : []),
        ]),
  ];
  return guardLines(`${lines.join('\n')}\n`);
}

/** More connections of a case that fail are only counted. */
export const MAX_LISTED = 10;

/** `from outside to …: it is dropped: no-local-endpoints`. */
export function describeFailure({ connection, differences }: Failure): string {
  return `${connection}: ${differences.join('; ')}`;
}

function printFailure(
  { connection, expected, differences, explanation }: Failure,
  { colors, isVerbose }: PrintOptions,
): readonly string[] {
  const way = explanation === undefined ? '' : printPrettyExplanation(explanation, { colors, isVerbose });
  return [
    `      ${escapeText(connection)}`,
    `      ${colors.label('expected:')} ${escapeText(expected)}`,
    ...differences.map((each) => `      ${colors.error('but:')} ${escapeText(each)}`),
    ...way
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `        ${line}`),
  ];
}
