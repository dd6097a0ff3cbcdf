import type { ObjectReference } from '../../model/cluster.ts';
import type * as api from '../generated/shapes.js';

/** What an endpoint stands for: a pod, mostly. Missing names are "". */
export function toObjectReference(
  reference: api.ObjectReference | null | undefined,
): ObjectReference | undefined {
  if (reference === null || reference === undefined) return undefined;
  if (isComplete(reference)) return reference;
  return {
    kind: reference.kind ?? '',
    namespace: reference.namespace ?? '',
    name: reference.name ?? '',
    uid: reference.uid || undefined,
  };
}

type CompleteReference = api.ObjectReference & { kind: string; namespace: string; name: string; uid: string };

/** References that controllers write have everything, and need no copy. */
function isComplete(reference: api.ObjectReference): reference is CompleteReference {
  const { kind, namespace, name, uid } = reference;
  return typeof kind === 'string' && typeof namespace === 'string' && typeof name === 'string' && !!uid;
}
