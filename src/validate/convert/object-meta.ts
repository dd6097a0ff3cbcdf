import type { ObjectMeta } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { makeUpName } from './generated-name.ts';

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
