import { isSilenced } from '../diagnostic/policy.ts';
import type { Cluster, ObjectMeta } from '../model/cluster.ts';
import { diagnoseCluster, labelOf } from './diagnose.ts';
import { findRepetitions, type Repetition } from './rules/cross/view/repetitions.ts';
import type { ValidationRun } from './validation-run.ts';

/**
 * Decides which of several objects with one name counts, where that can be told. Equal ones are one object, as for
 * `kubectl apply`. Different ones in different folders of a tree are alternatives (overlays, providers), and the first is
 * looked at; `--duplicates` decides about all others, and where the error is silenced, the last one counts.
 * @returns the objects that do not count. Those about which nothing can be told are not among them
 */
export function settleRepetitions(cluster: Cluster, run: ValidationRun): ReadonlySet<ObjectMeta> {
  const left = new Set<ObjectMeta>();
  let [first, winner]: (ObjectMeta | undefined)[] = [];
  for (const repetition of findRepetitions(cluster)) {
    if (repetition.first !== first) [first, winner] = [repetition.first, repetition.first];
    const earlier = winner ?? repetition.first;
    const counts = settle({ ...repetition, first: earlier }, run);
    if (counts === undefined) continue;
    left.add(counts === earlier ? repetition.object : earlier);
    winner = counts;
  }
  return left;
}

/** @returns which of the two counts; undefined: they contradict each other */
function settle(repetition: Repetition, run: ValidationRun): ObjectMeta | undefined {
  const { object, first } = repetition;
  const { duplicates } = run.context.options;
  if (isEqual(object, first)) return first;
  if (duplicates !== 'error') return duplicates === 'first' ? first : object;
  if (isSilenced('object-unique', object.annotations, run.context.options)) {
    tellLeftOut(repetition, run);
    return object;
  }
  if (!areAlternatives(repetition, run)) return undefined;
  tellAlternative(repetition, run);
  return first;
}

function areAlternatives({ object, first }: Repetition, { context }: ValidationRun): boolean {
  const { folders } = context.options;
  if (folders.size === 0) return false;
  const [one, other] = [object, first].map(({ locate }) => folders.get(locate([]).file));
  return one !== undefined && other !== undefined && one !== other;
}

function tellAlternative({ kind, object, first }: Repetition, run: ValidationRun): void {
  const rule = { code: 'object-unique', severity: 'info' } as const;
  const field = ['metadata', 'name'];
  const message = `${labelOf(kind, object)} is defined otherwise in another folder: the other one is looked at`;
  const hint = 'folders that are alternatives are given one by one';
  const related = [{ kind, object: first, field, message: 'the first definition' }];
  diagnoseCluster(rule, { kind, object, field, message, hint, related }, run);
}

function tellLeftOut({ kind, first }: Repetition, run: ValidationRun): void {
  run.contradictory.add(first);
  const rule = { code: 'silenced-object-left-out', severity: 'warning' } as const;
  const message = `this ${kind} is left out: another one of its name comes later, and the error is silenced`;
  diagnoseCluster(rule, { kind, object: first, field: ['metadata', 'name'], message }, run);
}

/** Whether two values of objects say the same. Functions, which tell where something stands, say nothing. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === right || (typeof left === 'function' && typeof right === 'function')) return true;
  if (!isComposite(left) || !isComposite(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && isEqual(left[key], right[key]));
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Map) && !(value instanceof Set);
}
