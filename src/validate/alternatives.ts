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

/** In so many files of a folder one object is no slip any more: each says how it may be (`nodeport.yaml`, `aws-elb.yaml`, …). */
const MANY = 3;

/**
 * Repositories hold manifests to choose from: overlays and providers, each in a folder, or variants of one file side by
 * side. Objects in different folders are never meant for one cluster as they are; those in one folder are, unless their
 * files define several objects alike, or many files one. Only files that were found in a folder can be alternatives.
 */
export function findAlternatives(
  repetitions: readonly Repetition[],
  unread: readonly Manifest[],
  { folders, alternatives }: Pick<ValidateOptions, 'folders' | 'alternatives'>,
): AlternativeTest {
  if (!alternatives || folders.size === 0) return () => undefined;
  const variantOf =
    repetitions.length === 0
      ? (file: string) => file
      : joinVariants(definitionsByFolder(definitionsIn(repetitions, unread), folders));
  return (object, other) => {
    const [file, otherFile] = [fileOf(object), fileOf(other)];
    const [folder, otherFolder] = [folders.get(file), folders.get(otherFile)];
    if (folder === undefined || otherFolder === undefined || file === otherFile) return undefined;
    if (folder !== otherFolder) return 'folders';
    return variantOf(file) === variantOf(otherFile) ? 'files' : undefined;
  };
}

/** The files of one folder that define an object. */
interface Definitions {
  readonly files: ReadonlySet<string>;
  /** Rules make something of it; others may be copied into each file that needs them. */
  readonly isRead: boolean;
}

/** @returns for a file one of its variants, for all of them the same one */
function joinVariants(objects: Iterable<Definitions>): (file: string) => string {
  const parents = new Map<string, string>();
  const rootOf = (file: string): string => {
    const parent = parents.get(file);
    if (parent === undefined) return file;
    const root = rootOf(parent);
    parents.set(file, root);
    return root;
  };
  const counts = new Map<string, number>();
  for (const { files, isRead } of objects) {
    const [first = '', ...others] = files;
    for (const file of others) {
      const pair = JSON.stringify([first, file]);
      const count = (counts.get(pair) ?? 0) + 1;
      counts.set(pair, count);
      if (count < SHARED && !(isRead && files.size >= MANY)) continue;
      const [root, other] = [rootOf(first), rootOf(file)];
      if (root !== other) parents.set(other, root);
    }
  }
  return rootOf;
}

/** What is in other folders, too, is counted in each of them. */
function definitionsByFolder(
  definitions: Iterable<Definition>,
  folders: ValidateOptions['folders'],
): Iterable<Definitions> {
  const found = new Map<string, { readonly files: Set<string>; readonly isRead: boolean }>();
  for (const { identity, file, isRead } of definitions) {
    const key = JSON.stringify([folders.get(file), ...identity]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { files: new Set([file]), isRead });
    else known.files.add(file);
  }
  return found.values();
}

interface Definition extends Pick<Definitions, 'isRead'> {
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
    if (first !== known) yield { identity, file: fileOf(first), isRead: true };
    known = first;
    yield { identity, file: fileOf(object), isRead: true };
  }
  for (const { apiVersion, kind, namespace, name, file } of unread)
    if (kind !== 'Namespace') yield { identity: [apiVersion, kind, namespace, name], file, isRead: false };
}

function fileOf({ locate }: ObjectMeta): string {
  return locate([]).file;
}
