import { Command, Option } from 'commander';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { listNames } from '../../../diagnostic/report.ts';
import { NEWEST_KUBERNETES } from '../../../kubernetes/versions.ts';
import { conclude } from '../../../library/conclude.ts';
import type { CommandContext } from '../../context.ts';
import type { DiagnosticCode } from '../../describe-code/code-records.ts';
import { describeCode } from '../../describe-code/describe-code.ts';
import { inputPaths } from '../../input/input-paths.ts';
import { type CheckedInput, readAndCheck } from '../../input/read-and-check.ts';
import { addInputOptions, type InputFlags, manifestOptions } from '../../options/input-options.ts';
import { parseCode } from '../../options/parse-code.ts';
import { EXIT, type ExitCode } from '../../output/exit-code.ts';
import { holdBack } from '../../output/hold-back.ts';
import { type OutputFormat, outputFormats, printDiagnostics } from '../../output/print-diagnostics.ts';
import { say } from '../../output/say.ts';
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
      the same as annotations of a pull request; sarif is for code scanning, codeclimate and junit
      for GitLab, json for programs
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
    .option('--each-kustomization', 'build every kustomization below the folders, and judge each on its own')
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
  for (const piece of holdBack(pieces)) terminal.writeStdout(piece);
  if (flags.output === 'pretty' && flags.quiet !== true) suggestIgnoring(diagnostics, checked, terminal);
  return hasErrors ? EXIT.inputErrors : EXIT.ok;
}

/** What folders of test data are called: they hold mistakes on purpose, halves of objects, and what other tools expect. */
const OF_TESTS =
  /^(?:(?:unit|integration|e2e)-?)?(?:tests?|test-?data|testing|e2e|fixtures?|goldens?|mocks?|mock_data|acceptance)$/;

/** From so many errors on a suggestion is worth its line. */
const MANY_ERRORS = 10;

/** Says how to leave out test data, where most errors are in such folders. Whether to, only the user knows. */
function suggestIgnoring(
  diagnostics: readonly Diagnostic[],
  { folders }: Pick<CheckedInput, 'folders'>,
  terminal: Pick<Terminal, 'writeStderr'>,
): void {
  const places = diagnostics.flatMap(({ severity, span }) =>
    severity === 'error' && span !== undefined ? [folders.get(span.file) ?? ''] : [],
  );
  const names = places.flatMap((folder) => folder.split(/[/\\]/).find((step) => OF_TESTS.test(step)) ?? []);
  if (names.length < MANY_ERRORS || names.length * 2 < places.length) return;
  const lines = listNames([...new Set(names)].sort().map((name) => `${name}/`));
  say(
    terminal,
    `${names.length} of ${places.length} errors are in folders of tests: in a file .svcgenignore, ${lines} would leave these out`,
  );
}
