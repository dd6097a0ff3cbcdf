import type { ObjectMeta } from '../model/cluster.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ValidateOptions } from './options.ts';
import type { Repetition } from './rules/cross/view/repetitions.ts';

/** How two objects can be meant never to be in one cluster: their folders are alternatives, or their files in a folder. */
export type AlternativeKind = 'folders' | 'files';

/** Tells whether two objects are meant for one cluster; undefined: as far as one can tell they are. */
export type AlternativeTest = (object: ObjectMeta, other: ObjectMeta) => AlternativeKind | undefined;

/** So many objects that two files define make them alternatives. One may be a slip of somebody who copied a file. */
const SHARED = 2;

/**
 * Repositories hold manifests to choose from: overlays and providers, each in a folder, or variants of one file side by
 * side. Objects in different folders are never meant for one cluster as they are; those in one folder are, unless their
 * files define several objects alike. Only files that were found in a folder can be alternatives.
 */
export function findAlternatives(
  repetitions: readonly Repetition[],
  unread: readonly Manifest[],
  { folders, alternatives }: Pick<ValidateOptions, 'folders' | 'alternatives'>,
): AlternativeTest {
  if (!alternatives || folders.size === 0) return () => undefined;
  const variants =
    repetitions.length === 0
      ? new Map()
      : findVariants(sharedFiles(definitionsIn(repetitions, unread), folders));
  return (object, other) => {
    const [file, otherFile] = [fileOf(object), fileOf(other)];
    const [folder, otherFolder] = [folders.get(file), folders.get(otherFile)];
    if (folder === undefined || otherFolder === undefined || file === otherFile) return undefined;
    if (folder !== otherFolder) return 'folders';
    const origin = variants.get(file) ?? file;
    return origin === (variants.get(otherFile) ?? otherFile) ? 'files' : undefined;
  };
}

/** By file, the first one of its folder that defines what it defines, too. */
function findVariants(pairs: Iterable<FilePair>): ReadonlyMap<string, string> {
  const shared = new Map<string, Map<string, number>>();
  const variants = new Map<string, string>();
  for (const [file, origin] of pairs) {
    if (file === origin) continue;
    const counts = shared.get(file) ?? new Map<string, number>();
    shared.set(file, counts);
    const count = (counts.get(origin) ?? 0) + 1;
    counts.set(origin, count);
    if (count === SHARED) variants.set(file, variants.get(origin) ?? origin);
  }
  return variants;
}

/** A file, and the first one of its folder that defines an object of its. */
type FilePair = readonly [string, string];

/** Which files define the same: what is in other folders, too, is counted in each of them. */
function* sharedFiles(
  definitions: Iterable<Definition>,
  folders: ValidateOptions['folders'],
): Generator<FilePair> {
  const files = new Map<string, string>();
  for (const { identity, file } of definitions) {
    const key = JSON.stringify([folders.get(file), ...identity]);
    const first = files.get(key);
    if (first === undefined) files.set(key, file);
    else yield [file, first];
  }
}

interface Definition {
  readonly identity: readonly string[];
  readonly file: string;
}

/** What files define alike tells that they are variants: any kind but Namespaces, which each may make sure of. */
function* definitionsIn(
  repetitions: readonly Repetition[],
  unread: readonly Manifest[],
): Generator<Definition> {
  let known: ObjectMeta | undefined;
  for (const { kind, object, first } of repetitions) {
    const identity = [kind, object.namespace, object.name];
    if (first !== known) yield { identity, file: fileOf(first) };
    known = first;
    yield { identity, file: fileOf(object) };
  }
  for (const { apiVersion, kind, namespace, name, file } of unread)
    if (kind !== 'Namespace') yield { identity: [apiVersion, kind, namespace, name], file };
}

function fileOf({ locate }: ObjectMeta): string {
  return locate([]).file;
}
