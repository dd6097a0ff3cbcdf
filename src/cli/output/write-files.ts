import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describeErrno, errnoCode } from '../errno.ts';
import { ensureFolder } from './ensure-folder.ts';
import { writeAll } from './write-all.ts';

const MAX_ATTEMPTS = 100;

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly isExecutable: boolean;
  /** Missing folders above it are made; otherwise they are an error. */
  readonly makesFolders?: boolean;
  /** Read once. */
  readonly text: Iterable<string>;
}

/** Why a file could not be written: nothing of any file has been changed then. */
export interface WriteFailure {
  readonly path: string;
  readonly reason: string;
}

/** A text on disk that waits to take its file's place. */
interface Staged {
  readonly temporary: string;
  readonly target: string;
  readonly path: string;
}

/**
 * Writes files, all or none: each goes to a temporary file beside its place, and only when all of them are
 * complete on disk do they take their places. Modes of existing files are kept, and links are followed. Devices and
 * pipes are written to as they are.
 */
export function writeFiles(files: readonly OutputFile[]): WriteFailure | undefined {
  const staged: Staged[] = [];
  for (const file of files) {
    try {
      const stage = stageFile(file);
      if (stage !== undefined) staged.push(stage);
    } catch (error) {
      discard(staged);
      if (errnoCode(error) === undefined) throw error;
      return { path: file.path, reason: describeErrno(error) };
    }
  }
  return flush(staged) ?? commit(staged);
}

/** Waits until all of it is on disk, which the system has been busy with since the first of many files. */
function flush(staged: readonly Staged[]): WriteFailure | undefined {
  for (const { temporary, path } of staged) {
    try {
      flushFile(temporary);
    } catch (error) {
      discard(staged);
      return { path, reason: describeErrno(error) };
    }
  }
  return undefined;
}

function flushFile(path: string): void {
  const descriptor = openSync(path, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function commit(staged: readonly Staged[]): WriteFailure | undefined {
  for (const [index, { temporary, target, path }] of staged.entries()) {
    try {
      renameSync(temporary, target);
    } catch (error) {
      discard(staged.slice(index));
      return { path, reason: describeErrno(error) };
    }
  }
  return undefined;
}

function discard(staged: readonly Staged[]): void {
  for (const { temporary } of staged) rmSync(temporary, { force: true });
}

/** undefined: it was no regular file, and is written already. */
function stageFile(file: OutputFile): Staged | undefined {
  const existing = statIfThere(file.path);
  if (existing !== undefined && !existing.isFile()) {
    writeInPlace(file);
    return undefined;
  }
  const target = existing === undefined ? danglingTarget(file.path) : realpathSync(file.path);
  if (file.makesFolders === true) ensureFolder(dirname(target));
  const { temporary, descriptor } = createTemporary(target, existing === undefined ? newMode(file) : 0o600);
  try {
    for (const piece of file.text) writeAll(descriptor, piece);
    if (existing !== undefined) copyOwnerAndMode(descriptor, existing);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return { temporary, target, path: file.path };
}

/** Never opens what is there already: in a folder that all may write to, that could be a link of somebody else's. */
function createTemporary(target: string, mode: number): { temporary: string; descriptor: number } {
  for (let attempt = 0; ; attempt++) {
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}-${attempt}.tmp`);
    try {
      return { temporary, descriptor: openSync(temporary, 'wx', mode) };
    } catch (error) {
      if (errnoCode(error) !== 'EEXIST' || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** The owner as far as we may: only root gives files away. */
function copyOwnerAndMode(descriptor: number, { uid, gid, mode }: Stats): void {
  const own = fstatSync(descriptor);
  if (process.getuid?.() === 0 && (own.uid !== uid || own.gid !== gid)) fchownSync(descriptor, uid, gid);
  fchmodSync(descriptor, mode & 0o7777);
}

function statIfThere(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

/** A link that leads nowhere yet is not followed: it would be replaced, which nobody asked for. */
function danglingTarget(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) realpathSync(path);
  return path;
}

function newMode({ isExecutable }: OutputFile): number {
  return isExecutable ? 0o777 : 0o666;
}

function writeInPlace(file: OutputFile): void {
  const descriptor = openSync(file.path, 'w');
  try {
    for (const piece of file.text) writeAll(descriptor, piece);
  } catch (error) {
    if (errnoCode(error) !== 'EPIPE') throw error;
  } finally {
    closeSync(descriptor);
  }
}
