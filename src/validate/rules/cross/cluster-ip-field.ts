import type { FieldPath } from '../../../model/field-path.ts';

/** Where a cluster IP stands: the first one always in the older field, the second only in the list. */
export function clusterIPField(index: number): FieldPath {
  return index === 0 ? ['spec', 'clusterIP'] : ['spec', 'clusterIPs', index];
}
