import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describePathErrno } from '../dangling-link.ts';
import { errnoCode } from '../errno.ts';
import { ensureFolder } from './ensure-folder.ts';
import { holdBack } from './hold-back.ts';
import { cleanUpOnSignal } from './on-signal.ts';
import { replaceFiles, type Staged, type WriteFailure } from './replace-files.ts';
import { type TemporaryFiles, temporaryFiles } from './temporary-files.ts';
import { writeAll } from './write-all.ts';

/** A file to be written. */
export interface OutputFile {
  readonly path: string;
  readonly isExecutable: boolean;
  /** Missing folders above it are made; otherwise they are an error. */
  readonly makesFolders?: boolean;
  /** Read once. */
  readonly text: Iterable<string>;
}

/** What a run uses while it writes. */
interface Writing {
  readonly temporaries: TemporaryFiles;
  /** Lets signals through. */
  readonly takeTurn: () => Promise<void> | undefined;
}

/**
 * Writes files, all or none: each goes to a temporary file beside its place, and only when all of them are
 * complete on disk do they take their places. Modes of existing files are kept, and links are followed. Devices and
 * pipes are written to as they are, when all files are on disk.
 * @returns why a file could not be written: no file has been changed then
 */
export async function writeFiles(files: readonly OutputFile[]): Promise<WriteFailure | undefined> {
  if (files.length === 0) return undefined;
  const temporaries = temporaryFiles();
  const cleanUp = temporaries.removeAll;
  try {
    return await cleanUpOnSignal(cleanUp, (takeTurn) => writeEach(files, { temporaries, takeTurn }));
  } finally {
    cleanUp();
  }
}

async function writeEach(files: readonly OutputFile[], writing: Writing): Promise<WriteFailure | undefined> {
  const staged: Staged[] = [];
  const devices: OutputFile[] = [];
  const stage = async (file: OutputFile) => {
    if (isDevice(file)) devices.push(file);
    else staged.push(await stageFile(file, writing));
  };
  return (
    (await firstFailure(files, stage)) ??
    (await firstFailure(devices, writeToDevice)) ??
    // Waits until all of it is on disk, which the system has been busy with since the first of many files.
    (await firstFailure(staged, (each) => flushFile(each, writing))) ??
    replaceFiles(staged, writing.temporaries)
  );
}

async function firstFailure<T extends { readonly path: string }>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<WriteFailure | undefined> {
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      if (errnoCode(error) === undefined) throw error;
      const { path } = item;
      return { path, reason: describePathErrno(error, { path, location: path }) };
    }
  }
  return undefined;
}

async function flushFile({ temporary }: Staged, { takeTurn }: Writing): Promise<void> {
  const descriptor = openSync(temporary, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  await takeTurn();
}

async function stageFile(file: OutputFile, { temporaries, takeTurn }: Writing): Promise<Staged> {
  const existing = statIfThere(file.path);
  const target = existing === undefined ? danglingTarget(file.path) : realpathSync(file.path);
  if (file.makesFolders === true) ensureFolder(dirname(target));
  const mode = existing === undefined ? newMode(file) : 0o600;
  const { path: temporary, descriptor } = createNear(target, mode, temporaries);
  try {
    for (const piece of file.text) {
      writeAll(descriptor, piece);
      const turn = takeTurn();
      if (turn !== undefined) await turn;
    }
    if (existing !== undefined) copyOwnerAndMode(descriptor, existing);
  } finally {
    closeSync(descriptor);
  }
  return { temporary, target, path: file.path };
}

/** Beside the file; when nobody may make files there but this one can be written to, where all may. */
function createNear(target: string, mode: number, temporaries: TemporaryFiles) {
  try {
    return temporaries.create(dirname(target), mode);
  } catch (error) {
    const isForbidden = ['EACCES', 'EPERM', 'EROFS'].includes(errnoCode(error) ?? '');
    if (!isForbidden || !isWritable(target)) throw error;
    return temporaries.create(tmpdir(), 0o600);
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
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

function isDevice({ path }: OutputFile): boolean {
  return statIfThere(path)?.isFile() === false;
}

/** A pipe that nobody reads from keeps its writer waiting: not in this thread, which listens to signals. */
async function writeToDevice({ path, text }: OutputFile): Promise<void> {
  const pieces = holdBack(text);
  const { open } = await import('node:fs/promises');
  const file = await open(path, 'w');
  try {
    for (const piece of pieces) await file.writeFile(piece);
  } catch (error) {
    if (errnoCode(error) !== 'EPIPE') throw error;
  } finally {
    await file.close();
  }
}
