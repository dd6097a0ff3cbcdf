import { readFileSync } from 'node:fs';
import {
  type AllocationLock,
  formatAllocationLock,
  type ParsedLock,
  parseAllocationLock,
} from '../../resolve/allocation/allocation-lock.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { OutputFile } from '../output/write-files.ts';
import { inputProblem } from './input-problem.ts';

/** A lock file as it was found. */
export interface LockFile extends ParsedLock {
  readonly path: string;
  /** undefined: there was none yet. */
  readonly text: string | undefined;
}

/** Reads what was allocated before. A file that is not there yet holds nothing. */
export function readLockFile(path: string): LockFile {
  try {
    const text = readFileSync(path, 'utf8');
    return { path, text, ...parseAllocationLock(text, path) };
  } catch (error) {
    if (errnoCode(error) === undefined) throw error;
    if (errnoCode(error) === 'ENOENT') return { path, text: undefined, lock: undefined, diagnostics: [] };
    const message = `cannot read the lock file ${JSON.stringify(path)}: ${describeErrno(error)}`;
    return {
      path,
      text: undefined,
      lock: undefined,
      diagnostics: [inputProblem({ code: 'input-readable', message })],
    };
  }
}

/** What is to be written back: nothing when nothing has changed. */
export function lockFileUpdate({ path, text }: LockFile, lock: AllocationLock): readonly OutputFile[] {
  const updated = formatAllocationLock(lock);
  return updated === text ? [] : [{ path, isExecutable: false, text: [updated] }];
}
