import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { Locator } from '../../model/source.ts';
import type { Fault, ObjectPatch } from '../expectation.ts';

/** Manifests with patches, and what they were patched with. */
export interface Patching {
  /** Patches objects as they are read. */
  readonly apply: (manifests: Iterable<Manifest>) => Iterable<Manifest>;
  /** Afterwards: the first patch of an object that is not there. */
  readonly problem: () => { readonly patch: ObjectPatch; readonly fault: Fault } | undefined;
}

/** Merges patches into the objects that they name, one after the other. */
export function patchManifests(patches: readonly ObjectPatch[]): Patching {
  const byName = new Map<string, ObjectPatch[]>();
  for (const patch of patches) {
    const name = nameOf(patch);
    const same = byName.get(name);
    if (same === undefined) byName.set(name, [patch]);
    else same.push(patch);
  }
  const names = new Set<string>();
  function* apply(manifests: Iterable<Manifest>): Generator<Manifest> {
    for (const manifest of manifests) {
      const name = nameOf(manifest);
      names.add(name);
      yield (byName.get(name) ?? []).reduce(patched, manifest);
    }
  }
  return {
    apply,
    problem: () => {
      const patch = patches.find((each) => !names.has(nameOf(each)));
      return patch === undefined ? undefined : { patch, fault: notThere(nameOf(patch), names) };
    },
  };
}

function nameOf({ kind, namespace, name }: Pick<ObjectPatch, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace || 'default'}/${name}`;
}

function notThere(name: string, names: ReadonlySet<string>): Fault {
  const near = didYouMean(name, names);
  const hint = near === undefined ? 'a patch changes an object of the manifests' : `did you mean ${near}?`;
  return { message: `there is no ${name} in the input`, hint };
}

function patched(manifest: Manifest, patch: ObjectPatch): Manifest {
  const value = merged(manifest.value, patch.value);
  return isJsonObject(value) ? { ...manifest, value, locate: locator(manifest.locate, patch) } : manifest;
}

/** JSON merge patch (RFC 7386): maps are merged, null removes, and all else replaces. */
function merged(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const fields = new Map(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) fields.delete(key);
    else fields.set(key, merged(fields.get(key), value));
  }
  return Object.fromEntries(fields);
}

/** What a patch says is in its file, and all else where the object is. */
function locator(base: Locator, { value, locate }: ObjectPatch): Locator {
  return (field, at) => (says(value, field) ? locate(field, at) : base(field, at));
}

function says(patch: JsonObject, field: Parameters<Locator>[0]): boolean {
  let value: JsonValue | undefined = patch;
  for (const key of field) {
    // A list or a single value replaces what was there, with all below it.
    if (!isJsonObject(value)) return true;
    if (!Object.hasOwn(value, String(key))) return false;
    value = value[String(key)];
  }
  return field.length > 0;
}
