import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { type InputProblem, inputProblem } from '../../library/problem.ts';
import type { CliCode } from '../codes.ts';
import { missingTarget } from '../dangling-link.ts';
import type { NamedPlace } from '../project/name-file.ts';
import { withSlashes } from './with-slashes.ts';

/** A diagnostic about the input as files, before there are objects and fields. An error unless said otherwise. */
export function fileProblem(problem: InputProblem<CliCode>): Diagnostic {
  return inputProblem<CliCode>(problem);
}

/** A link that a walk of a folder does not follow: it leads out of the repository. */
export function strayLink(path: string): Diagnostic {
  return fileProblem({
    code: 'link-stays-inside',
    severity: 'warning',
    file: path,
    message: `the link ${JSON.stringify(path)} leads out of the repository or the folder that was given: it is passed over`,
    hint: 'name it, or what it leads to, and it is read',
  });
}

/** Nothing is where a path leads: says what is near, or how to get what an address on the network leads to. */
export function missing(place: NamedPlace): Diagnostic {
  const target = missingTarget(place);
  const hint = target === undefined ? hintAbout(place) : 'make what it leads to, or point it elsewhere';
  return fileProblem({
    code: 'input-exists',
    file: place.path,
    message:
      target === undefined
        ? `there is no file or folder ${JSON.stringify(place.path)}`
        : leadsNowhere(place.path, target),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** A link in a folder: who wrote the folder may want it to be so. */
export function danglingLink(link: NamedPlace): Diagnostic {
  const { path } = link;
  const target = missingTarget(link);
  const nowhere =
    target === undefined ? `the link ${JSON.stringify(path)} leads in a circle` : leadsNowhere(path, target);
  return fileProblem({
    code: 'link-leads-somewhere',
    severity: 'warning',
    file: path,
    message: `${nowhere}: it is passed over`,
  });
}

function leadsNowhere(path: string, target: string): string {
  return `the link ${JSON.stringify(path)} leads nowhere, since there is no ${JSON.stringify(target)}`;
}

/** `https://…`, `oci://…`, `git@host:…`; a drive of Windows has one letter. */
const REMOTE = /^(?:[a-z][a-z0-9+.-]+:\/\/?|git@)/i;

function hintAbout({ path, location }: NamedPlace): string | undefined {
  if (REMOTE.test(path))
    return 'svcgen never uses the network: fetch it first, as in "curl -fsSL URL | svcgen validate -"; -k DIR and --helm DIR build what is on disk';
  const near = nearestPath(location);
  return near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`;
}

/** What is there under a similar name, folder by folder, or under this name with an extension. */
function nearestPath(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return undefined;
  const folder = existsSync(parent) ? parent : nearestPath(parent);
  if (folder === undefined) return undefined;
  const name = basename(path);
  const names = namesIn(folder);
  const near = names.includes(name)
    ? name
    : (names.find((each) => each.startsWith(`${name}.`)) ?? didYouMean(name, names));
  return near === undefined ? undefined : withSlashes(join(folder, near));
}

/** Enough to find a slip of a finger; a folder may have any number of names. */
const MOST_NAMES = 10_000;

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, MOST_NAMES);
  } catch {
    return [];
  }
}
