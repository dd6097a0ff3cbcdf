import type { ObjectMeta } from '../../model/cluster.ts';
import type { JsonObject } from '../../model/json.ts';
import type { Manifest } from '../../model/manifest.ts';
import { sha256Base32Prefix } from '../../model/sha256.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';

/** The namespace of objects that name none. */
const DEFAULT_NAMESPACE = 'default';

// Objects copy these fields one by one: spreading them costs ten times as much as all the rest of a conversion.

/** Metadata of an object that lives in a namespace. */
export function namespacedMeta(metadata: api.ObjectMeta | null | undefined, manifest: Manifest): ObjectMeta {
  return toObjectMeta(metadata, metadata?.namespace || DEFAULT_NAMESPACE, manifest);
}

/** Metadata of an object of the whole cluster: a namespace that it names is ignored, as the API server does. */
export function clusterMeta(metadata: api.ObjectMeta | null | undefined, manifest: Manifest): ObjectMeta {
  return toObjectMeta(metadata, '', manifest);
}

function toObjectMeta(
  metadata: api.ObjectMeta | null | undefined,
  namespace: string,
  { locate, value }: Manifest,
): ObjectMeta {
  const { name, generateName, labels, annotations } = metadata ?? {};
  return {
    namespace,
    name: name || makeUpName(generateName ?? '', value),
    labels: stringMap(labels),
    annotations: stringMap(annotations),
    locate,
  };
}

const MAX_BASE = 58;
const SUFFIX_LENGTH = 5;

/**
 * A name for an object that leaves it to the API server to make one up (metadata.generateName): as long as those are,
 * but always the same for the same object.
 */
function makeUpName(generateName: string, value: JsonObject): string {
  const suffix = sha256Base32Prefix(JSON.stringify(value)).slice(0, SUFFIX_LENGTH).toLowerCase();
  return `${generateName.slice(0, MAX_BASE)}${suffix}`;
}
