import type { ObjectMeta } from '../../../model/cluster.ts';
import type { ObjectKind } from '../../rule.ts';

/** An object that is defined already. */
export interface Repetition {
  readonly kind: ObjectKind;
  readonly object: ObjectMeta;
  readonly first: ObjectMeta;
}

/** Objects of one kind that have the name of an earlier one. The list is sorted, so these are neighbours. */
export function findRepetitions(kind: ObjectKind, objects: readonly ObjectMeta[]): readonly Repetition[] {
  const repetitions: Repetition[] = [];
  let first: ObjectMeta | undefined;
  for (const object of objects) {
    if (first === undefined || !isSameObject(object, first)) first = object;
    else repetitions.push({ kind, object, first });
  }
  return repetitions;
}

function isSameObject(object: ObjectMeta, other: ObjectMeta): boolean {
  return object.name === other.name && object.namespace === other.namespace;
}
