import { dirname } from 'node:path';
import type { FoundFile } from './find-files.ts';
import type { Kustomization } from './kustomization.ts';

/** A file or folder that is not read, and why. */
export interface PassedOver {
  readonly path: string;
  readonly reason: string;
}

/** Found files by what kustomize makes of them. */
export interface SortedOut {
  readonly files: readonly FoundFile[];
  /** Of those: paths whose objects may be whole only when kustomize has built them. */
  readonly unfinished: ReadonlySet<string>;
  readonly passedOver: readonly PassedOver[];
}

/**
 * Tells objects from what only changes objects. A file that some kustomization takes as a resource is read, even if
 * another one takes it as a patch. Files beside a kustomization that it does not name are not deployed as they are
 * either, so they count as unfinished, too.
 */
export function sortOut(found: readonly FoundFile[], kustomizations: readonly Kustomization[]): SortedOut {
  if (kustomizations.length === 0) return { files: found, unfinished: new Set(), passedOver: [] };
  const folders = new Set(kustomizations.map(({ folder }) => folder));
  const resources = new Set(kustomizations.flatMap((each) => [...each.resources]));
  const owners = new Map(
    kustomizations.flatMap((each) => [...each.ingredients].map((file) => [file, each.path])),
  );
  const isIngredient = ({ realPath }: FoundFile) => owners.has(realPath) && !resources.has(realPath);
  const files = found.filter((file) => !isIngredient(file));
  const isUnfinished = ({ realPath }: FoundFile) => resources.has(realPath) || folders.has(dirname(realPath));
  return {
    files,
    unfinished: new Set(files.filter(isUnfinished).map(({ path }) => path)),
    passedOver: found.filter(isIngredient).map(({ path, realPath }) => ({
      path,
      reason: `it is an ingredient of ${JSON.stringify(owners.get(realPath) ?? '')}`,
    })),
  };
}
