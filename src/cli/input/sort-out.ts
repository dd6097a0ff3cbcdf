import { basename, dirname, sep } from 'node:path';
import type { FoundFile } from './find-files.ts';
import type { Kustomization } from './kustomization.ts';
import { isKuttlAssertion, type TestFile } from './test-file.ts';

/** A file or folder that is not read, and why. */
export interface PassedOver {
  readonly path: string;
  readonly reason: string;
  readonly isKustomization?: boolean;
}

/** Found files by what kustomize and tests make of them. */
export interface SortedOut {
  readonly files: readonly FoundFile[];
  /** Of those: paths whose objects may be whole only when kustomize or the cluster has what they lack. */
  readonly unfinished: ReadonlySet<string>;
  readonly passedOver: readonly PassedOver[];
}

/**
 * Tells objects from what only changes objects. A file that some kustomization takes as a resource is read, even if
 * another one takes it as a patch. Files beside a kustomization that it does not name are not deployed as they are
 * either, so they count as unfinished, too, and so does what tests apply, what is in folders of patches and of comparisons, and what
 * is called a patch, whoever names it.
 * What tests only compare a cluster with holds no objects; what they apply does, if they compare with it, too.
 */
export function sortOut(
  found: readonly FoundFile[],
  {
    kustomizations,
    tests,
  }: { readonly kustomizations: readonly Kustomization[]; readonly tests: readonly TestFile[] },
): SortedOut {
  const folders = new Set(kustomizations.map(({ folder }) => folder));
  const resources = new Set(kustomizations.flatMap((each) => [...each.resources]));
  const applied = new Set(tests.flatMap((each) => [...each.applied]));
  const owners = new Map(
    [...tests, ...kustomizations].flatMap((each) => [...each.ingredients].map((file) => [file, each.path])),
  );
  const reasonOf = ({ path, realPath }: FoundFile): string | undefined => {
    if (isKuttlAssertion(basename(path))) return 'kuttl compares a cluster with it';
    const isTaken = resources.has(realPath) || applied.has(realPath);
    const owner = isTaken ? undefined : owners.get(realPath);
    return owner === undefined ? undefined : `it is an ingredient of ${JSON.stringify(owner)}`;
  };
  const files = found.filter((file) => reasonOf(file) === undefined);
  const isUnfinished = ({ realPath }: FoundFile) =>
    resources.has(realPath) ||
    applied.has(realPath) ||
    folders.has(dirname(realPath)) ||
    isOfParts(dirname(realPath)) ||
    PATCH.test(basename(realPath));
  return {
    files,
    unfinished: new Set(files.filter(isUnfinished).map(({ path }) => path)),
    passedOver: [
      ...found.flatMap((file) => {
        const reason = reasonOf(file);
        return reason === undefined ? [] : [{ path: file.path, reason }];
      }),
      ...tests.map(({ path }) => ({ path, reason: 'it is a test, not an object' })),
      ...kustomizations.map(({ path }) => ({
        path,
        reason: 'it is a kustomization',
        isKustomization: true,
      })),
    ],
  };
}

/** What projects call patches: builds may name them that no kustomization in the tree does (`manager_patch.yaml`, `patch-web.yml`). */
const PATCH = /(?:^|[-_.])patch(?:es)?[-_.]/i;

/**
 * kubeadm reads patches from a folder, kind from its configuration; of kustomize's some are named by nobody any more. What end-to-end
 * tests compare a cluster with lacks what the cluster fills in (the operators of Percona: `e2e-tests/TEST/compare`).
 */
function isOfParts(folder: string): boolean {
  const name = basename(folder);
  const isOfTests = () => folder.split(sep).some((each) => each === 'e2e-tests');
  return name === 'patches' || name === 'patch' || (name === 'compare' && isOfTests());
}
