import type { ObjectReference } from '../../model/cluster.ts';
import type * as api from '../generated/shapes.js';

/** What an endpoint stands for: a pod, mostly. Missing names are "". */
export function toObjectReference(
  reference: api.ObjectReference | null | undefined,
): ObjectReference | undefined {
  if (reference === null || reference === undefined) return undefined;
  return {
    kind: reference.kind ?? '',
    namespace: reference.namespace ?? '',
    name: reference.name ?? '',
    uid: reference.uid || undefined,
  };
}
