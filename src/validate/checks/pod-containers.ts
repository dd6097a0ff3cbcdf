import type { FieldPath } from '../../model/field-path.ts';
import type * as api from '../generated/shapes.js';

/** A container of a pod, and where it stands. */
export interface PlacedContainer {
  readonly container: api.Container;
  readonly list: 'containers' | 'initContainers';
  readonly path: FieldPath;
}

/** All containers but ephemeral ones, which no pod is created with. `path` is that of the spec. */
export function placeContainers(spec: api.PodSpec, path: FieldPath): readonly PlacedContainer[] {
  const place = (list: 'containers' | 'initContainers') =>
    (spec[list] ?? []).map((container, index) => ({
      container: container ?? {},
      list,
      path: [...path, list, index],
    }));
  return [...place('containers'), ...place('initContainers')];
}

/** An init container that is restarted for as long as the pod runs. */
export function isSidecar({ container, list }: PlacedContainer): boolean {
  return list === 'initContainers' && container.restartPolicy === 'Always';
}
