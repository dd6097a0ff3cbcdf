import { lstatSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { errnoCode } from '../errno.ts';

/** Who can't be told from a process of ours has to be older than any run takes. */
const DAY_MS = 24 * 60 * 60 * 1000;

const NAME = /^\.svcgen-([0-9a-f]+-[0-9]+|unknown)-([0-9]+)-([0-9]+)-[0-9]+\.tmp$/;

/** The temporary files of one run. Their names are short, and say which process made them. */
export interface TemporaryFiles {
  /** Makes a file that was not there. @throws NodeJS.ErrnoException */
  readonly create: (folder: string, mode: number) => { readonly path: string; readonly descriptor: number };
  /** A path that nothing is at, for `rename` or `link`. */
  readonly name: (folder: string) => string;
  /** Forgets one: it has become something that lasts. */
  readonly forget: (path: string) => void;
  /** Removes all that are still there. */
  readonly removeAll: () => void;
}

/** None yet. Folders lose what runs that were killed have left in them when they get their first file. */
export function temporaryFiles(): TemporaryFiles {
  const paths = new Set<string>();
  const folders = new Set<string>();
  const maker = thisProcess();
  let count = 0;
  const name = (folder: string) => {
    if (!folders.has(folder)) removeStale(folder, maker);
    folders.add(folder);
    const path = join(folder, `.svcgen-${maker.place}-${maker.pid}-${maker.started}-${count++}.tmp`);
    paths.add(path);
    return path;
  };
  return {
    name,
    // Never opens what is there already: in a folder that all may write to, that could be a link of somebody else's.
    create: (folder, mode) => {
      const path = name(folder);
      return { path, descriptor: openSync(path, 'wx', mode) };
    },
    forget: (path) => {
      paths.delete(path);
    },
    removeAll: () => {
      for (const path of paths) removeQuietly(path);
      paths.clear();
    },
  };
}

/** A process among all that may see a folder, those of other containers and hosts too. */
interface Maker {
  /** The boot of a kernel and a namespace of its process numbers; `unknown` where there is no telling. */
  readonly place: string;
  readonly pid: number;
  /** In milliseconds since 1970: containers have the same few process numbers again and again. */
  readonly started: number;
}

function thisProcess(): Maker {
  return { place: placeOfProcesses(), pid: process.pid, started: Math.round(performance.timeOrigin) };
}

function placeOfProcesses(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
    const namespace = readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
    return `${boot}-${namespace}`;
  } catch {
    return 'unknown';
  }
}

function removeStale(folder: string, self: Maker): void {
  for (const name of namesIn(folder)) {
    const [, place = '', pid, started] = NAME.exec(name) ?? [];
    if (place === '') continue;
    const maker = { place, pid: Number(pid), started: Number(started) };
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() && (hasEnded(maker, self) || isOld(stats))) removeQuietly(path);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.startsWith('.svcgen-'));
  } catch {
    return [];
  }
}

/** Whether a process is known to have ended. */
function hasEnded({ place, pid, started }: Maker, self: Maker): boolean {
  if (place !== self.place || place === 'unknown') return false;
  if (pid === self.pid) return started !== self.started;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoCode(error) === 'ESRCH';
  }
}

function isOld({ mtimeMs }: Stats): boolean {
  return Date.now() - mtimeMs > DAY_MS;
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It belongs to somebody else, or its folder does.
  }
}
