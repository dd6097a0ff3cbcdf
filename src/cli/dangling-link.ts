import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { describeErrno, errnoCode } from './errno.ts';
import { withSlashes } from './input/with-slashes.ts';
import type { NamedPlace } from './project/name-file.ts';

/** So many links behind each other Linux follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Where a link leads, and all links behind it, if nothing is there: in the words of messages, or absolute. undefined: it is no
 * link, or it leads somewhere or in a circle.
 */
export function missingTarget(link: NamedPlace): string | undefined {
  let { path, location } = link;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const target = linkAt(location);
    if (target === undefined) return links > 0 && !isThere(location) ? withSlashes(path) : undefined;
    const from = (place: string) => (isAbsolute(target) ? target : join(dirname(place), target));
    [path, location] = [from(path), from(location)];
  }
  return undefined;
}

/** `describeErrno` of a path: there is something where a link is that leads nowhere, and nothing where a folder is named to write to. */
export function describePathErrno(error: unknown, place: NamedPlace): string {
  if (errnoCode(error) === 'ENOTDIR' && place.path.endsWith('/') && !isThere(dirname(`${place.path}.`)))
    return 'it ends in "/", as folders do: name a file';
  const target = errnoCode(error) === 'ENOENT' ? missingTarget(place) : undefined;
  return target === undefined
    ? describeErrno(error)
    : `it is a link that leads nowhere, since there is no ${JSON.stringify(target)}`;
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
