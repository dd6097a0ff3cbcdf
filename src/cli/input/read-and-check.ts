import { type CheckedManifests, checkManifests } from '../../compile.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { InputFile } from '../../model/source.ts';
import type { RuleCategory, ValidateOptions } from '../../validate/options.ts';
import { type InputFlags, validateOptions } from '../options/input-options.ts';
import { prepareMemory } from '../prepare-memory.ts';
import type { Terminal } from '../terminal.ts';
import { checkNamedFiles } from './check-named-files.ts';
import { InputUnreadable } from './open-large-file.ts';
import { type Inputs, readInputs, unreadable } from './read-inputs.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** What there is to say about some paths. */
export interface CheckedInput {
  readonly diagnostics: readonly Diagnostic[];
  readonly filesChecked: number;
}

/** Reads manifests and validates them: all together, or with `each` every file on its own. */
export async function readAndCheck(
  paths: readonly string[],
  flags: InputFlags & { readonly each?: boolean },
  terminal: Terminal,
): Promise<CheckedInput> {
  const inputs = readInputs(paths, flags.ignore ?? [], terminal);
  await prepareMemory(inputs.files);
  const found = orUnreadable(() =>
    flags.each === true
      ? checkEach(inputs.files, validateOptions(flags))
      : checkTogether(inputs, flags, terminal),
  );
  return { diagnostics: [...inputs.diagnostics, ...found], filesChecked: inputs.files.length };
}

/** What is found, or that a large file can't be read to its end. */
function orUnreadable(check: () => readonly Diagnostic[]): readonly Diagnostic[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof InputUnreadable) return [unreadable(JSON.stringify(error.path), error.message)];
    throw error;
  }
}

function checkTogether(inputs: Inputs, flags: InputFlags, terminal: Terminal): readonly Diagnostic[] {
  const checked: CheckedManifests = checkManifests(inputs.files, validateOptions(flags));
  if (flags.verbose === true) tellPassedOver(checked, inputs, terminal);
  const hasFiles = inputs.files.length > 0;
  return hasFiles ? checkNamedFiles(checked, inputs) : checked.diagnostics;
}

const API_ONLY: ReadonlySet<RuleCategory> = new Set<RuleCategory>(['api']);

/** What the API server would say if it was given each file: that is an error too when it is given something else. */
function checkEach(files: readonly InputFile[], options: ValidateOptions): readonly Diagnostic[] {
  const apiOnly = { ...options, categories: API_ONLY };
  return files
    .flatMap((file) => checkManifests([file], apiOnly).diagnostics)
    .map((diagnostic) =>
      diagnostic.code === 'not-a-manifest' ? { ...diagnostic, severity: 'error' } : diagnostic,
    );
}
