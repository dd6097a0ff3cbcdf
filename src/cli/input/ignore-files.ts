import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type IgnorePattern, isMatch, parseGitPattern } from './glob.ts';
import { withSlashes } from './with-slashes.ts';

/** Files of patterns, in order: the later one decides. Ours is for what is in Git, but is not to be judged. */
const OURS = '.svcgenignore';
const OF_GIT = '.gitignore';

/** A line of such a file (gitignore(5), "PATTERN FORMAT", Git 2.45). */
interface IgnoreLine {
  readonly pattern: IgnorePattern;
  /** With `!`: what earlier lines leave out is taken in again. */
  readonly isNegated: boolean;
  readonly isForFolders: boolean;
}

/** The patterns that hold in a folder and below: those of outer folders come first. */
export interface IgnoreScope {
  readonly outer: IgnoreScope | undefined;
  /** Without links. */
  readonly folder: string;
  readonly lines: readonly IgnoreLine[];
}

/** What in a folder says what is left out. */
export interface IgnoreSource {
  /** Without links. */
  readonly folder: string;
  /** Whether a .gitignore counts: in a work tree of Git, unless `--no-ignore-vcs` is given. */
  readonly hasGit: boolean;
}

/** The scope of a folder within that of its parent. */
export function scopeOf({ folder, hasGit }: IgnoreSource, outer: IgnoreScope | undefined) {
  const lines = [...(hasGit ? linesOf(join(folder, OF_GIT)) : []), ...linesOf(join(folder, OURS))];
  return lines.length === 0 ? outer : { outer, folder, lines };
}

/** Whether a file or folder is left out. Below a folder that is left out nothing is looked at. */
export function isLeftOutIn(
  scope: IgnoreScope | undefined,
  { path, isFolder }: { readonly path: string; readonly isFolder: boolean },
): boolean {
  for (let each = scope; each !== undefined; each = each.outer) {
    const inside = withSlashes(insideOf(each.folder, path));
    const name = inside.slice(inside.lastIndexOf('/') + 1);
    const line = each.lines.findLast(
      ({ pattern, isForFolders }) =>
        (isFolder || !isForFolders) && isMatch(pattern.matchesWholePath ? inside : name, pattern),
    );
    if (line !== undefined) return !line.isNegated;
  }
  return false;
}

/** The path from there: the rest of it, but for what a link leads to outside of the folder. */
function insideOf(folder: string, path: string): string {
  const start = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(start) ? path.slice(start.length) : relative(folder, path);
}

/**
 * What the outer folders of a folder leave out. A folder that they leave out itself was named all the same, so that nothing
 * of theirs holds in it.
 * @param top of the work tree whose .gitignore files count; undefined: none does
 */
export function enclosingScope(
  folder: string,
  top: string | undefined,
): { readonly hasGit: boolean; readonly scope: IgnoreScope | undefined } {
  if (top === undefined) return { hasGit: false, scope: undefined };
  const steps = relative(top, folder)
    .split(sep)
    .filter((step) => step !== '');
  let scope: IgnoreScope | undefined;
  let path = top;
  for (const step of steps) {
    scope = scopeOf({ folder: path, hasGit: true }, scope);
    path = join(path, step);
    if (isLeftOutIn(scope, { path, isFolder: true })) return { hasGit: true, scope: undefined };
  }
  return { hasGit: true, scope };
}

/** The top of the work tree of Git that a folder is in. */
export function workTreeOf(folder: string): string | undefined {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(join(path, '.git'))) return path;
    if (dirname(path) === path) return undefined;
  }
}

/** In bytes, and in lines: nobody writes more, and each file is compared with each line. */
const MAX_SIZE = 262_144;
const MAX_LINES = 5000;

function linesOf(path: string): readonly IgnoreLine[] {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > MAX_SIZE) return [];
    return readFileSync(path, 'utf8').split(/\r?\n/, MAX_LINES).flatMap(parseLine);
  } catch {
    return [];
  }
}

/** No pattern: nothing, a comment, or one that matches nothing, such as an open bracket. */
function parseLine(line: string): readonly IgnoreLine[] {
  if (line === '' || line.startsWith('#')) return [];
  const isNegated = line.startsWith('!');
  const text = withoutBlanks(isNegated ? line.slice(1) : line);
  const pattern = parseGitPattern(text);
  return pattern === undefined ? [] : [{ pattern, isNegated, isForFolders: text.endsWith('/') }];
}

/** Blanks at the end do not count, unless a backslash keeps the first of them. */
function withoutBlanks(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith('\\') && trimmed.length < text.length ? `${trimmed} ` : trimmed;
}
