import type { ObjectMeta } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';

/** The namespace of objects that name none. */
export const DEFAULT_NAMESPACE = 'default';

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
  { locate }: Manifest,
): ObjectMeta {
  return {
    namespace,
    name: metadata?.name ?? '',
    labels: stringMap(metadata?.labels),
    annotations: stringMap(metadata?.annotations),
    locate,
  };
}
