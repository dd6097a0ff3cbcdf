import { printJsonDrift, printMarkdownDrift, printPrettyDrift } from '../../../compare/print/drift.ts';
import { printJsonDiff, printMarkdownDiff, printPrettyDiff } from '../../../compare/print/traffic.ts';
import type { DriftReport, TrafficReport } from '../../../compare/report.ts';
import { assertNever } from '../../../diagnostic/invariant.ts';
import { stdoutColors } from '../../output/colors.ts';
import type { Terminal } from '../../terminal.ts';

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
  { output, verbose }: { readonly output: DiffFormat; readonly verbose?: boolean },
  terminal: Terminal,
): Promise<string> {
  const isVerbose = verbose === true;
  switch (output) {
    case 'pretty':
      return printPrettyDrift(report, { colors: await stdoutColors(terminal), isVerbose });
    case 'json':
      return printJsonDrift(report);
    case 'markdown':
      return printMarkdownDrift(report, { isVerbose });
    default:
      return assertNever(output);
  }
}
