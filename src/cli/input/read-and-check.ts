import { type CheckedManifests, checkManifests } from '../../compile.ts';
import { createCollector } from '../../diagnostic/collector.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { ObjectCounts } from '../../diagnostic/summarize.ts';
import type { InputFile } from '../../model/source.ts';
import type { RuleCategory, ValidateOptions } from '../../validate/options.ts';
import { type InputFlags, validateOptions } from '../options/input-options.ts';
import type { Terminal } from '../terminal.ts';
import { checkNamedFiles } from './check-named-files.ts';
import { InputUnreadable } from './large-files.ts';
import { type Inputs, readInputs, unreadable } from './read-inputs.ts';
import { tellPassedOver } from './tell-passed-over.ts';

/** What there is to say about some paths. */
export interface CheckedInput {
  readonly diagnostics: readonly Diagnostic[];
  /** The files that were looked at. */
  readonly files: readonly string[];
  readonly objects: ObjectCounts;
}

type Found = Pick<CheckedInput, 'diagnostics' | 'objects'>;

/** Reads manifests and validates them: all together, or with `each` every file on its own. */
export function readAndCheck(
  paths: readonly string[],
  flags: InputFlags & { readonly each?: boolean },
  terminal: Terminal,
): CheckedInput {
  const inputs = readInputs(paths, flags.ignore ?? [], terminal);
  const { diagnostics, objects } = orUnreadable(() =>
    flags.each === true
      ? checkEach(inputs.files, validateOptions(flags))
      : checkTogether(inputs, flags, terminal),
  );
  return {
    diagnostics: [...inputs.diagnostics, ...diagnostics],
    files: inputs.files.map(({ path }) => path),
    objects,
  };
}

const NO_OBJECTS: ObjectCounts = { valid: 0, invalid: 0, passedOver: 0 };

/** What is found, or that a large file can't be read to its end. */
function orUnreadable(check: () => Found): Found {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof InputUnreadable)) throw error;
    return { diagnostics: [unreadable(error.path, error.message)], objects: NO_OBJECTS };
  }
}

function checkTogether(inputs: Inputs, flags: InputFlags, terminal: Terminal): Found {
  const checked: CheckedManifests = checkManifests(inputs.files, validateOptions(flags));
  if (flags.verbose === true) tellPassedOver(checked, inputs, terminal);
  const { diagnostics, objects } = checked;
  const hasFiles = inputs.files.length > 0;
  return { diagnostics: hasFiles ? checkNamedFiles(checked, inputs) : diagnostics, objects };
}

const API_ONLY: ReadonlySet<RuleCategory> = new Set<RuleCategory>(['api']);

/** What the API server would say if it was given each file: that is an error too when it is given something else. */
function checkEach(files: readonly InputFile[], options: ValidateOptions): Found {
  const found = createCollector<Diagnostic>(({ span }) => span?.file);
  let objects = NO_OBJECTS;
  for (const file of files) {
    const checked = checkManifests([file], { ...options, categories: API_ONLY });
    for (const diagnostic of checked.diagnostics)
      found.add(diagnostic.code === 'not-a-manifest' ? { ...diagnostic, severity: 'error' } : diagnostic);
    objects = sumOf(objects, checked.objects);
  }
  return { diagnostics: found.items(), objects };
}

function sumOf(left: ObjectCounts, right: ObjectCounts): ObjectCounts {
  return {
    valid: left.valid + right.valid,
    invalid: left.invalid + right.invalid,
    passedOver: left.passedOver + right.passedOver,
  };
}
