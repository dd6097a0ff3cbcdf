import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMatch, parseGitPattern } from './glob.ts';

/** What makes a name a pattern (Go's filepath.Glob). */
const MAGIC = /[*?[\\]/;

/** So many paths a pattern may stand for: no test has more files. */
const MAX_PATHS = 10_000;

/** The paths that a pattern stands for, step by step as Go's filepath.Glob takes it: no star stops for a dot, and none crosses a slash. */
export function expandPattern(pattern: string, folder: string): readonly string[] {
  if (!MAGIC.test(pattern)) return [join(folder, pattern)];
  let paths: readonly string[] = [folder];
  for (const step of pattern.split('/')) {
    paths = MAGIC.test(step)
      ? paths.flatMap((path) => matchesIn(path, step)).slice(0, MAX_PATHS)
      : paths.map((path) => join(path, step));
  }
  return paths;
}

function matchesIn(folder: string, step: string): readonly string[] {
  const pattern = parseGitPattern(step);
  if (pattern === undefined) return [];
  return namesIn(folder)
    .filter((name) => isMatch(name, pattern))
    .map((name) => join(folder, name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
