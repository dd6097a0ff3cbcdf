/** What is wrong with a path below some folder: it must not be absolute, nor climb out; undefined: nothing is. */
export function relativePathProblem(path: string): string | undefined {
  if (path.startsWith('/')) return 'is an absolute path';
  return path.split('/').includes('..') ? "has '..' in it" : undefined;
}
