import type { LoadedCluster } from '../compile.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { type InputFile, STDIN_NAME } from '../model/source.ts';
import { inputProblem } from './problem.ts';

const NOT_A_MANIFEST = 'not-a-manifest';

/** Files, and how they were come by. */
export interface FoundFiles {
  readonly files: readonly InputFile[];
  /** Files that the user named, stdin among them, as opposed to those found in a folder. */
  readonly named: ReadonlySet<string>;
}

/** The names of files that are all named. */
export function pathsOf(files: readonly InputFile[]): ReadonlySet<string> {
  return new Set(files.map(({ path }) => path));
}

/** Folders may hold anything, so that what is no Kubernetes object there is only worth a word with `--verbose`. */
export function isPassedOver({ code, span }: Diagnostic, named: FoundFiles['named']): boolean {
  return code === NOT_A_MANIFEST && !named.has(span?.file ?? '');
}

/** A file that was named must hold objects, and all files together must hold at least one. */
export function checkNamedFiles(
  { diagnostics, filesWithObjects }: Pick<LoadedCluster, 'diagnostics' | 'filesWithObjects'>,
  { files, named }: FoundFiles,
): readonly Diagnostic[] {
  const kept = diagnostics.filter((diagnostic) => !isPassedOver(diagnostic, named));
  if (hasErrors(kept)) return kept;
  const empty = files.filter(({ path }) => named.has(path) && !filesWithObjects.has(path));
  if (empty.length > 0) return [...kept, ...empty.map(({ path }) => withoutObjects(path))];
  if (filesWithObjects.size > 0) return kept;
  const others = diagnostics.filter((diagnostic) => isPassedOver(diagnostic, named));
  return [...kept, noneAtAll(files.length, others)];
}

function withoutObjects(path: string): Diagnostic {
  const what = path === STDIN_NAME ? 'stdin' : JSON.stringify(path);
  return inputProblem({
    code: 'input-has-manifests',
    file: path,
    message: `${what} holds no Kubernetes object`,
  });
}

/** So many documents are shown that hold something else. */
const MAX_SHOWN = 5;

/** @param others what was found in place of objects */
function noneAtAll(count: number, others: readonly Diagnostic[]): Diagnostic {
  if (count === 0) {
    return inputProblem({
      code: 'input-has-manifests',
      message: 'there is no Kubernetes object, since no file of manifests is given',
      hint: 'files of expectations alone are none: give the manifests that they are about, too',
    });
  }
  const hint = hintAbout(others.length);
  const problem = inputProblem({
    code: 'input-has-manifests',
    message: `there is no Kubernetes object in ${count === 1 ? 'the file' : `any of the ${count} files`} found`,
    ...(hint === undefined ? {} : { hint }),
  });
  const related = others
    .slice(0, MAX_SHOWN)
    .flatMap(({ message, span }) => (span === undefined ? [] : [{ message, span }]));
  return { ...problem, related };
}

function hintAbout(others: number): string | undefined {
  if (others === 0) return 'there is nothing in them, or comments alone';
  return others > MAX_SHOWN ? `-v shows ${others - MAX_SHOWN} more` : undefined;
}
