import { hasLabels } from '../../../../kubernetes/selectors.ts';
import type { Cluster, ObjectMeta, Service } from '../../../../model/cluster.ts';
import { type Candidate, labelsOf } from './pod-selection.ts';

/**
 * What is in another namespace than the object that means it, but need not stay there: a kustomization sets the namespace of
 * all that it builds (api/types.Kustomization, `namespace`, 5.7).
 */
export interface Movable {
  /** Pods or a pod template of any namespace that a Service's selector matches once a build has moved one of the two. */
  readonly podsFor: (service: Service) => Candidate | undefined;
  /** Whether there is a Service of that name in any namespace, and a build may move it or the object that names it. */
  readonly hasService: (object: ObjectMeta, name: string) => boolean;
}

/** How many of one label, or of one name, are looked at: there may be as many that look for them. */
const MAX_LOOKED_AT = 100;

/** `unfinished`: files of objects that a build may change. Takes no time before something is asked. */
export function findMovable(cluster: Cluster, unfinished: ReadonlySet<string>): Movable {
  const isUnfinished = ({ locate }: ObjectMeta) => unfinished.has(locate([]).file);
  let byLabel: ReadonlyMap<string, readonly Candidate[]> | undefined;
  let byName: ReadonlyMap<string, readonly Service[]> | undefined;
  return {
    podsFor: (service) => {
      const [pair] = Object.entries(service.selector);
      if (unfinished.size === 0 || pair === undefined) return undefined;
      byLabel ??= firstOfEach([...cluster.workloads, ...cluster.pods], (each) =>
        Object.entries(labelsOf(each)).map(labelText),
      );
      return byLabel
        .get(labelText(pair))
        ?.find(
          (each) =>
            hasLabels(labelsOf(each), service.selector) && (isUnfinished(each) || isUnfinished(service)),
        );
    },
    hasService: (object, name) => {
      if (unfinished.size === 0) return false;
      byName ??= firstOfEach(cluster.services, (each) => [each.name]);
      return byName.get(name)?.some((each) => isUnfinished(each) || isUnfinished(object)) === true;
    },
  };
}

function labelText([key, value]: readonly [string, string]): string {
  return `${key}=${value}`;
}

/** By key, the first ones that have it. */
function firstOfEach<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items)
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [item]);
      else if (group.length < MAX_LOOKED_AT) group.push(item);
    }
  return groups;
}
