import { realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { fileProblem } from './file-problem.ts';
import { KUSTOMIZATION_NAMES, readKustomization } from './kustomization.ts';

/** What a program is to read. */
export interface BuildInput {
  readonly program: 'kustomize' | 'helm';
  /** Files, and folders of kustomizations. */
  readonly paths: readonly string[];
}

/** Errors for named pipes among what a program would read: it would wait without end for somebody to write to them. */
export function refusePipes({ program, paths }: BuildInput): readonly Diagnostic[] {
  const seen = new Set<string>();
  return paths
    .flatMap((path) => pipesIn(path, seen))
    .map((path) =>
      fileProblem({
        code: 'input-readable',
        file: path,
        message: `${JSON.stringify(path)} is a pipe, for which ${program} would wait without end`,
        hint: 'write what comes through it to a file, and name that',
      }),
    );
}

/** Looks at a file, or at a folder's kustomization and all that it names. `seen`: real paths; bases may name each other. */
function pipesIn(path: string, seen: Set<string>): readonly string[] {
  const stats = statsOf(path);
  if (stats?.isFIFO() === true) return [path];
  if (stats?.isDirectory() !== true) return [];
  const folder = realpathSync(path);
  if (seen.has(folder)) return [];
  seen.add(folder);
  return [...KUSTOMIZATION_NAMES].flatMap((name) => {
    const file = join(path, name);
    const kind = statsOf(file);
    if (kind?.isFIFO() === true) return [file];
    if (kind?.isFile() !== true) return [];
    const { resources, ingredients } = readKustomization({ path: file, location: file }, path);
    return [...resources, ...ingredients].flatMap((each) => pipesIn(each, seen));
  });
}

/** undefined: nothing is there, or it is no path at all, as an address on the network or a patch in the file itself. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
