import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { formatObjects } from '../../diagnostic/summarize.ts';
import {
  type CheckedFiles,
  NO_OBJECTS,
  sumOfObjects,
  validateFiles,
} from '../../library/validate-manifests.ts';
import { sizeOf } from '../../parse/input-file.ts';
import { growSlowly } from '../large-inputs.ts';
import { type InputFlags, inputRequest, manifestOptions } from '../options/input-options.ts';
import { say } from '../output/say.ts';
import type { Terminal } from '../terminal.ts';
import { InputUnreadable } from './large-files.ts';
import { type Inputs, readInputs, unreadable } from './read-inputs.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** What there is to say about some paths. */
export interface CheckedInput extends CheckedFiles {
  /** The files that were looked at. */
  readonly files: readonly string[];
  /** Those that were found, with their folders. */
  readonly folders: Inputs['folders'];
}

/** Reads manifests and validates them: all together, or with `each` every file on its own. */
export function readAndCheck(
  paths: readonly string[],
  flags: InputFlags & { readonly each?: boolean },
  terminal: Terminal,
): CheckedInput {
  const isBuilt = flags.eachKustomization === true;
  const inputs = readInputs(isBuilt ? [] : paths, inputRequest(flags), terminal);
  growSlowly(inputs.files.reduce((sum, file) => sum + sizeOf(file), 0));
  const options = {
    ...manifestOptions(flags),
    folders: inputs.folders,
    alternatives: flags.duplicates === undefined,
    unfinished: inputs.unfinished,
    each: flags.each,
  };
  const check = (found: Inputs) =>
    validateFiles(found, options, {
      onChecked: (checked) => {
        if (flags.verbose === true) tellPassedOver(checked, found, terminal);
      },
    });
  const tell = (line: string) => {
    if (flags.quiet !== true) say(terminal, line);
  };
  const { diagnostics, objects } = orUnreadable(() =>
    isBuilt ? checkBuilds(inputs, check, tell) : check(inputs),
  );
  return {
    diagnostics: judgeWithoutObjects([...inputs.diagnostics, ...diagnostics], inputs),
    files: inputs.files.map(({ path }) => path),
    folders: inputs.folders,
    objects,
  };
}

/**
 * There is nothing wrong with files of a folder that hold no object: a hook may run in any repository. A folder that holds
 * charts is not even empty. One without any file to read stays an error: its name is wrong, or a build has failed.
 */
function judgeWithoutObjects(diagnostics: readonly Diagnostic[], { named }: Inputs): readonly Diagnostic[] {
  const hasCharts = diagnostics.some(({ code }) => code === 'unrendered-chart');
  return diagnostics.flatMap((diagnostic) => {
    if (named.size > 0 || diagnostic.code !== 'input-has-manifests') return [diagnostic];
    return hasCharts ? [] : [{ ...diagnostic, severity: 'warning' as const }];
  });
}

/** Each build is a cluster of its own, and has a line on stderr (until `--quiet`). */
function checkBuilds(
  inputs: Inputs,
  check: (found: Inputs) => CheckedFiles,
  tell: (line: string) => void,
): CheckedFiles {
  const checked = inputs.files.map((file) => {
    const found = check({ ...inputs, files: [file], named: new Set([file.path]) });
    tell(`${file.path.slice(1, -1)}: ${formatObjects(found.objects)}`);
    return found;
  });
  return {
    diagnostics: checked.flatMap(({ diagnostics }) => diagnostics),
    objects: sumOfObjects(checked.map(({ objects }) => objects)),
  };
}

/** What is found, or that a large file can't be read to its end. */
function orUnreadable(check: () => CheckedFiles): CheckedFiles {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InputUnreadable)) throw error;
    return { diagnostics: [unreadable(error.path, error.message)], objects: NO_OBJECTS };
  }
}
