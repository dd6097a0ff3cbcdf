import { type CheckedManifests, checkManifests, manifestChecker } from '../compile.ts';
import { createCollector } from '../diagnostic/collector.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { ObjectCounts } from '../diagnostic/summarize.ts';
import type { RuleCategory } from '../validate/options.ts';
import { checkClusterOptions } from './check-cluster-options.ts';
import { checkNamedFiles, type FoundFiles, isPassedOver, pathsOf } from './check-named-files.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import { inputFileOf, type ManifestFile, type ManifestOptions, validateOptionsOf } from './options.ts';

/** What manifests are judged by. */
export interface ManifestCheckOptions extends ManifestOptions {
  /** Every file is judged on its own, by the API server's rules only. Default: all together, by all rules. */
  readonly each?: boolean | undefined;
}

/** What there is to say about files. */
export interface CheckedFiles extends WithDiagnostics {
  /** How many objects are right, how many wrong, and how many of kinds that nobody reads. */
  readonly objects: ObjectCounts;
}

/** Of no files. */
export const NO_OBJECTS: ObjectCounts = { valid: 0, invalid: 0, passedOver: 0 };

/** Says what is wrong with manifests, where, and how to mend it, as `svcgen validate` does. */
export function validateManifests(
  files: readonly ManifestFile[],
  options: ManifestCheckOptions = {},
): CheckedFiles {
  const checked = checkClusterOptions(options);
  const inputs = files.map(inputFileOf);
  const found =
    checked.diagnostics.length > 0
      ? { diagnostics: checked.diagnostics, objects: NO_OBJECTS }
      : validateFiles({ files: inputs, named: pathsOf(inputs) }, { ...options, ...checked.options });
  return { diagnostics: conclude(options, [found]).diagnostics, objects: found.objects };
}

interface CheckContext {
  /** Told what was found, and left aside. */
  readonly onChecked?: (checked: CheckedManifests) => void;
}

/** The same of files that were found, before the policy is applied. */
export function validateFiles(
  found: FoundFiles,
  options: ManifestCheckOptions,
  { onChecked = () => {} }: CheckContext = {},
): CheckedFiles {
  if (options.each === true) return validateEach(found, options);
  const checked = checkManifests(found.files, { ...validateOptionsOf(options), saysHints: true });
  onChecked(checked);
  const { diagnostics, objects } = checked;
  return { diagnostics: found.files.length > 0 ? checkNamedFiles(checked, found) : diagnostics, objects };
}

const API_ONLY: ReadonlySet<RuleCategory> = new Set<RuleCategory>(['api']);

/** What the API server would say if it was given each file: that is an error too when a named one is something else. */
function validateEach({ files, named }: FoundFiles, options: ManifestOptions): CheckedFiles {
  const check = manifestChecker({ ...validateOptionsOf(options), categories: API_ONLY });
  const found = createCollector<Diagnostic>(({ span }) => span?.file);
  let objects = NO_OBJECTS;
  for (const file of files) {
    const checked = check([file]);
    for (const diagnostic of checked.diagnostics) {
      if (isPassedOver(diagnostic, named)) continue;
      found.add(diagnostic.code === 'not-a-manifest' ? { ...diagnostic, severity: 'error' } : diagnostic);
    }
    objects = sumOfObjects([objects, checked.objects]);
  }
  return { diagnostics: found.items(), objects };
}

/** Of several checks. */
export function sumOfObjects(counts: readonly ObjectCounts[]): ObjectCounts {
  const sum = (of: (each: ObjectCounts) => number) => counts.reduce((total, each) => total + of(each), 0);
  return {
    valid: sum(({ valid }) => valid),
    invalid: sum(({ invalid }) => invalid),
    passedOver: sum(({ passedOver }) => passedOver),
  };
}
