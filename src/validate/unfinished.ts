import { isJsonObject } from '../model/json.ts';
import type { Manifest } from '../model/manifest.ts';
import type { ValidateOptions } from './options.ts';

/**
 * Rules about what an object must have: patches, labels and images of a kustomization may add it, and tests that look at what a
 * controller has made leave out what they cannot know, such as uids.
 */
const OF_WHOLE_OBJECTS: ReadonlySet<string> = new Set([
  'container-env-valid',
  'container-image-valid',
  'container-mounts-valid',
  'object-named',
  'owner-reference-valid',
  'pod-containers-required',
  'service-ports-required',
  'workload-selector-matches',
]);

const BUILD_FIRST =
  'this object is left out: a build or the cluster may add what it lacks. To judge what is built: kubectl kustomize FOLDER | svcgen validate -';
const PROGRAM_FIRST =
  'this object is left out: with "metadata: {}" it is a pattern for a program, which adds a name and what else it lacks. To judge it as it is, name its file';

/** What to do about an object that others have yet to make whole; undefined: it is meant to be whole. */
export function wayToFinish(
  manifest: Manifest,
  { unfinished, folders }: ValidateOptions,
): string | undefined {
  if (unfinished.has(manifest.file)) return BUILD_FIRST;
  return folders.has(manifest.file) && hasEmptyMetadata(manifest) ? PROGRAM_FIRST : undefined;
}

/** Who forgets a name leaves out `metadata`, or has other things there; an empty map is written on purpose (operators embed such files). */
function hasEmptyMetadata({ value: { metadata } }: Manifest): boolean {
  return isJsonObject(metadata) && Object.keys(metadata).length === 0;
}

/** What is to be done about something that an object lacks, where that is no error yet; undefined: it is one. */
export function wayToAdd(code: string, manifest: Manifest, options: ValidateOptions): string | undefined {
  return OF_WHOLE_OBJECTS.has(code) ? wayToFinish(manifest, options) : undefined;
}
