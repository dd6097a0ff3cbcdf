import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** A file that a command line names, and how. */
export interface NamedFile {
  /** `--lock`, `-o`; `the input` for a path of its own. */
  readonly name: string;
  readonly path: string;
}

interface FilesOfRun {
  /** undefined: there is none. It is read and written. */
  readonly lock: string | undefined;
  readonly config?: string | undefined;
  readonly current?: string | undefined;
  /** `-` is stdin. */
  readonly inputs: readonly string[];
  readonly outputs: readonly NamedFile[];
}

/** Which file would be written over another one that the command line names, as text; undefined: none. */
export function clashOfFiles({ lock, config, current, inputs, outputs }: FilesOfRun): string | undefined {
  const read = [
    ...named('--config', config),
    ...named('--current', current),
    ...inputs.flatMap((path) => named('the input', path)),
  ];
  const locks = named('--lock', lock);
  return firstClash(locks, read) ?? firstClash(outputs, [...locks, ...read]);
}

function named(name: string, path: string | undefined): readonly NamedFile[] {
  return path === undefined || path === '-' ? [] : [{ name, path }];
}

function firstClash(written: readonly NamedFile[], others: readonly NamedFile[]): string | undefined {
  const places = others.map((file) => ({ file, place: placeOf(file.path) }));
  for (const { name, path } of written) {
    const place = placeOf(path);
    const other = place === undefined ? undefined : places.find((each) => each.place === place)?.file;
    if (other === undefined) continue;
    return `${name} ${JSON.stringify(path)} would overwrite ${other.name} ${JSON.stringify(other.path)}: name another file`;
  }
  return undefined;
}

/** The same for all spellings of a path and all links to a file; undefined: it is no file, but a folder or a device. */
function placeOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { bigint: true });
    return stats.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
  } catch {
    return realPlace(resolve(path));
  }
}

/** Of a file that is to be: through the links of those folders that there are. */
function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPlace(dirname(path)), basename(path));
  }
}
