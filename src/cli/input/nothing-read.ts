import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import { listNames } from '../../diagnostic/report.ts';
import type { LibraryCode } from '../../library/codes.ts';
import { inputProblem } from '../../library/problem.ts';
import type { PassedOver } from './sort-out.ts';

/**
 * What there is to say where folders hold files, and none of them is read: undefined where one is, where something worse is wrong,
 * and where files of expectations are all that there is, which is a folder of tests.
 */
export function nothingRead({
  files,
  passedOver,
  diagnostics,
}: {
  readonly files: readonly unknown[];
  readonly passedOver: readonly PassedOver[];
  readonly diagnostics: readonly Diagnostic[];
}): Diagnostic | undefined {
  if (files.length > 0 || passedOver.length === 0 || hasErrors(diagnostics)) return undefined;
  const left = passedOver.map(({ path, reason }) => `${JSON.stringify(path)} (${reason})`);
  const builds = passedOver.some(({ isKustomization }) => isKustomization === true);
  return inputProblem<LibraryCode>({
    code: 'input-has-manifests',
    message: `there is no Kubernetes object to read: ${listNames(left)} ${left.length === 1 ? 'is' : 'are'} passed over`,
    hint: builds
      ? 'give what the kustomization makes: -k FOLDER, or "kubectl kustomize FOLDER | svcgen validate -"'
      : 'a file that is named by itself is always read',
  });
}
