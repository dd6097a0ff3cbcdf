import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { lockText } from '../../library/compile.ts';
import type { LoadedManifests } from '../../library/load.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { OutputFile } from '../output/write-files.ts';
import { inputProblem } from './input-problem.ts';
import { readBytes } from './read-bytes.ts';

/** A lock file as it was found. */
export interface LockFile {
  readonly path: string;
  /** undefined: there was none yet, or it could not be read. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what was allocated before. A file that is not there yet holds nothing. */
export function readLockFile(path: string): LockFile {
  try {
    return { path, text: Buffer.from(readBytes(path)).toString('utf8'), diagnostics: [] };
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    if (errnoCode(error) === 'ENOENT') return { path, text: undefined, diagnostics: [] };
    const message = `cannot read the lock file ${JSON.stringify(path)}: ${describeErrno(error)}`;
    return { path, text: undefined, diagnostics: [inputProblem({ code: 'input-readable', message })] };
  }
}

/** What is to be written back: nothing when nothing has changed, or when there are errors. */
export function lockFileUpdate({ path, text }: LockFile, loaded: LoadedManifests): readonly OutputFile[] {
  const updated = lockText(loaded);
  return updated === undefined || updated === text ? [] : [{ path, isExecutable: false, text: [updated] }];
}
