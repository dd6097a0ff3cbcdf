import { Command, Option } from 'commander';
import { NEWEST_KUBERNETES } from '../../../kubernetes/versions.ts';
import { inPieces } from '../../../lang/text/in-pieces.ts';
import { conclude } from '../../../library/conclude.ts';
import type { CommandContext } from '../../context.ts';
import type { DiagnosticCode } from '../../describe-code/code-records.ts';
import { describeCode } from '../../describe-code/describe-code.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { readAndCheck } from '../../input/read-and-check.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { parseCode } from '../../options/parse-code.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { type OutputFormat, outputFormats, printDiagnostics } from '../../output/print-diagnostics.ts';
import type { Terminal } from '../../terminal.ts';

interface ValidateFlags extends InputFlags {
  readonly output: OutputFormat;
  readonly each?: boolean;
  readonly explain?: DiagnosticCode;
}

const EXAMPLES = `
Examples:
  svcgen validate manifests/
      everything: what the API server refuses, what contradicts itself, what a node could not program
  svcgen validate manifests/ --output github
      the same as annotations of a pull request; sarif is for code scanning, json for programs
  kustomize build overlays/prod | svcgen validate --strict --warnings-as-errors
      what a template makes, with unknown fields and all that is doubtful as errors
  svcgen validate --explain node-port-in-range
      what a code means, with an example that fails and one that passes

A code is silenced by --disable, or for one object by its annotation svcgen/ignore: CODE,CODE. What is broken stays out
of rules all the same. Exit status: 0 no errors, 1 errors, 2 wrong usage.`;

/** `svcgen validate`. Its diagnostics are its output, so they go to stdout. */
export function validateCommand({ terminal, finish }: CommandContext): Command {
  const command = new Command('validate').description(
    'Says what is wrong with manifests, where, and how to mend it: by the rules of the API server ' +
      `of Kubernetes ${NEWEST_KUBERNETES.name} (or of --kubernetes-version), ` +
      'by those that hold between objects, and by what a node can program.',
  );
  addInputOptions(command);
  command
    .optionsGroup('Validation:')
    .addOption(new Option('--output <format>', 'form of the output').choices(outputFormats).default('pretty'))
    .option('--each', "judge every file on its own, by the API server's rules only")
    .option('--explain <code>', 'say what a code means', parseCode);
  return command
    .addHelpText('after', EXAMPLES)
    .action(async (paths: readonly string[], flags: ValidateFlags) => {
      if (flags.explain !== undefined) return terminal.writeStdout(await describeCode(flags.explain));
      finish(await validate(inputPaths(paths, command, terminal), flags, terminal));
    });
}

async function validate(
  paths: readonly string[],
  flags: ValidateFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const checked = readAndCheck(paths, flags, terminal);
  const { diagnostics, hasErrors } = conclude(manifestOptions(flags), [checked]);
  const pieces = await printDiagnostics(diagnostics, {
    ...checked,
    format: flags.output,
    isAll: flags.all === true,
    target: paths[0] ?? '.',
    terminal,
  });
  for (const piece of inPieces(pieces)) terminal.writeStdout(piece);
  return hasErrors ? EXIT.inputErrors : EXIT.ok;
}
