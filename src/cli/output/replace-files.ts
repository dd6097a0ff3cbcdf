import {
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describePathErrno } from '../dangling-link.ts';
import { describeErrno, errnoCode } from '../errno.ts';
import type { TemporaryFiles } from './temporary-files.ts';

/** A text on disk that waits to take its file's place. */
export interface Staged {
  readonly temporary: string;
  readonly target: string;
  /** What the user calls it. */
  readonly path: string;
}

/** Why a file could not be written. */
export interface WriteFailure {
  readonly path: string;
  readonly reason: string;
}

/** What takes the replacement of a file back. */
type Undo =
  /** There was none. */
  | { readonly kind: 'remove'; readonly target: string }
  | { readonly kind: 'move' | 'copy'; readonly target: string; readonly backup: string };

/**
 * Puts texts in the place of their files, all or none: when one cannot be replaced, those before it become what they were.
 * @returns undefined: all is well
 */
export function replaceFiles(
  staged: readonly Staged[],
  temporaries: TemporaryFiles,
): WriteFailure | undefined {
  const undos: Undo[] = [];
  for (const [index, stage] of staged.entries()) {
    try {
      replaceFile(stage, { undos, temporaries, isLast: index === staged.length - 1 });
    } catch (error) {
      const reasons = undos.reverse().flatMap((each) => undo(each, temporaries));
      const { path } = stage;
      const reason = describePathErrno(error, { path, location: path });
      return { path, reason: [reason, ...reasons].join('; ') };
    }
  }
  return undefined;
}

interface Replacement {
  /** Gets what takes each change back, before the change that could go wrong. */
  readonly undos: Undo[];
  readonly temporaries: TemporaryFiles;
  /** Then there is nothing that could go wrong later. */
  readonly isLast: boolean;
}

function replaceFile(stage: Staged, { undos, temporaries, isLast }: Replacement): void {
  const { target } = stage;
  if (lstatSync(target, { throwIfNoEntry: false }) === undefined) {
    move(stage, temporaries);
    undos.push({ kind: 'remove', target });
    return;
  }
  try {
    if (!isLast) undos.push(keepOld(target, temporaries));
    move(stage, temporaries);
  } catch (error) {
    if (!isMountPoint(error) && !isElsewhere(stage)) throw error;
    writeOver(stage, { undos, temporaries });
  }
}

function move({ temporary, target }: Staged, temporaries: TemporaryFiles): void {
  renameSync(temporary, target);
  temporaries.forget(temporary);
}

/** By a second link, so that there is a file at every moment; where the file system knows none, by another name. */
function keepOld(target: string, temporaries: TemporaryFiles): Undo {
  const backup = temporaries.name(dirname(target));
  try {
    linkSync(target, backup);
  } catch (error) {
    if (isMountPoint(error)) throw error;
    renameSync(target, backup);
  }
  return { kind: 'move', target, backup };
}

/** A file that is mounted by itself, as containers have them: link(2) says EXDEV of it, rename(2) EBUSY. */
function isMountPoint(error: unknown): boolean {
  const code = errnoCode(error);
  return code === 'EXDEV' || code === 'EBUSY';
}

/** Nobody may make files in the folder of the target. */
function isElsewhere({ temporary, target }: Staged): boolean {
  return dirname(temporary) !== dirname(target);
}

/** Nothing can take the place of such a file, but it may be writable. */
function writeOver(
  { temporary, target }: Staged,
  { undos, temporaries }: Pick<Replacement, 'undos' | 'temporaries'>,
): void {
  const backup = temporaries.name(dirname(temporary));
  copyFileSync(target, backup, constants.COPYFILE_EXCL);
  closeSync(openSync(target, 'r+'));
  undos.push({ kind: 'copy', target, backup });
  copyFileSync(temporary, target);
}

/** @returns what the user has to know: nothing, when it works */
function undo(change: Undo, temporaries: TemporaryFiles): readonly string[] {
  try {
    switch (change.kind) {
      case 'remove':
        rmSync(change.target);
        break;
      case 'move':
        renameSync(change.backup, change.target);
        break;
      case 'copy':
        copyFileSync(change.backup, change.target);
        break;
    }
    return [];
  } catch (error) {
    const problem = `${JSON.stringify(change.target)} has changed and cannot be put back: ${describeErrno(error)}`;
    if (change.kind === 'remove') return [problem];
    temporaries.forget(change.backup);
    return [`${problem}; what it held is in ${JSON.stringify(change.backup)}`];
  }
}
