import packageJson from '../../../package.json' with { type: 'json' };
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import { printGithub } from '../../diagnostic/print-github.ts';
import { printJson } from '../../diagnostic/print-json.ts';
import { printPretty } from '../../diagnostic/print-pretty.ts';
import { printSarif } from '../../diagnostic/print-sarif.ts';
import { codeRecords } from '../describe-code/code-records.ts';
import type { Terminal } from '../terminal.ts';
import { stdoutColors } from './colors.ts';

export const outputFormats = ['pretty', 'json', 'sarif', 'github'] as const;
export type OutputFormat = (typeof outputFormats)[number];

interface PrintOptions {
  readonly format: OutputFormat;
  readonly filesChecked: number;
  /** Whose stdout it is for. */
  readonly terminal: Terminal;
}

/** Diagnostics as `--output` wants them, for stdout. */
export async function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  { format, filesChecked, terminal }: PrintOptions,
): Promise<string> {
  switch (format) {
    case 'pretty':
      return printPretty(diagnostics, { colors: await stdoutColors(terminal), filesChecked });
    case 'json':
      return printJson(diagnostics, { filesChecked });
    case 'sarif':
      return printSarif(diagnostics, { version: packageJson.version, records: codeRecords() });
    case 'github':
      return printGithub(diagnostics, { filesChecked });
    default:
      return assertNever(format);
  }
}
