import { assertNever } from '../diagnostic/invariant.ts';
import { printJsonDrift, printMarkdownDrift, printPrettyDrift } from '../diff/print/drift.ts';
import { printJsonDiff } from '../diff/print/json.ts';
import { printMarkdownDiff } from '../diff/print/markdown.ts';
import { printPrettyDiff } from '../diff/print/pretty.ts';
import type { TrafficReport } from '../diff/report.ts';
import type { DriftReport } from '../diff/rules/drift.ts';
import { stdoutColors } from './colors.ts';
import type { Terminal } from './terminal.ts';

export const diffFormats = ['pretty', 'json', 'markdown'] as const;
export type DiffFormat = (typeof diffFormats)[number];

/** What a change does, as `--output` wants it, for stdout. */
export async function printTrafficDiff(
  report: TrafficReport,
  format: DiffFormat,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return printPrettyDiff(report, await stdoutColors(terminal));
    case 'json':
      return printJsonDiff(report);
    case 'markdown':
      return printMarkdownDiff(report);
    default:
      return assertNever(format);
  }
}

/** How rules have drifted, as `--output` wants it, for stdout. */
export async function printDrift(
  report: DriftReport,
  format: DiffFormat,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return printPrettyDrift(report, await stdoutColors(terminal));
    case 'json':
      return printJsonDrift(report);
    case 'markdown':
      return printMarkdownDrift(report);
    default:
      return assertNever(format);
  }
}
