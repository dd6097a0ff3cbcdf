import packageJson from '../../../package.json' with { type: 'json' };
import { MAX_SHOWN } from '../../diagnostic/choose-shown.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import { printCodeClimate } from '../../diagnostic/print-codeclimate.ts';
import { printGithub } from '../../diagnostic/print-github.ts';
import { printJson } from '../../diagnostic/print-json.ts';
import { printJunit } from '../../diagnostic/print-junit.ts';
import { printPretty } from '../../diagnostic/print-pretty.ts';
import { printSarif } from '../../diagnostic/print-sarif.ts';
import type { ObjectCounts } from '../../diagnostic/summarize.ts';
import { codeRecords } from '../describe-code/code-records.ts';
import type { Terminal } from '../terminal.ts';
import { stdoutColors } from './colors.ts';

export const outputFormats = ['pretty', 'json', 'sarif', 'github', 'junit', 'codeclimate'] as const;
export type OutputFormat = (typeof outputFormats)[number];

interface PrintOptions {
  readonly format: OutputFormat;
  readonly isAll: boolean;
  /** The files that were looked at. */
  readonly files: readonly string[];
  readonly objects: ObjectCounts;
  /** What the user named first. */
  readonly target: string;
  /** Whose stdout it is for. */
  readonly terminal: Terminal;
}

/** Diagnostics as `--output` wants them, for stdout, in pieces: all of them together may be too long for a string. */
export async function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  { format, isAll, files, objects, target, terminal }: PrintOptions,
): Promise<Iterable<string>> {
  const extent = { filesChecked: files.length, objects };
  switch (format) {
    case 'pretty':
      return printPretty(diagnostics, {
        colors: await stdoutColors(terminal),
        limit: isAll ? undefined : MAX_SHOWN,
        ...extent,
      });
    case 'json':
      return printJson(diagnostics, extent);
    case 'sarif':
      return printSarif(diagnostics, { version: packageJson.version, records: codeRecords(), target });
    case 'github':
      return printGithub(diagnostics, extent);
    case 'junit':
      return printJunit(diagnostics, { files });
    case 'codeclimate':
      return printCodeClimate(diagnostics, { target });
    default:
      return assertNever(format);
  }
}
