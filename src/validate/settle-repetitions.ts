import { isSilenced } from '../diagnostic/policy.ts';
import { count } from '../diagnostic/report.ts';
import type { ObjectMeta } from '../model/cluster.ts';
import type { AlternativeKind } from './alternatives.ts';
import { diagnoseCluster, labelOf } from './diagnose.ts';
import type { Repetition } from './rules/cross/view/repetitions.ts';
import type { ValidationRun } from './validation-run.ts';

/**
 * Decides which of several objects with one name counts, where that can be told. Equal ones are one object, as for
 * `kubectl apply`. Of different ones that are alternatives the first is looked at; `--duplicates` decides about all others, and
 * where the error is silenced, the last one counts.
 * @returns the objects that do not count. Those about which nothing can be told are not among them
 */
export function settleRepetitions(
  repetitions: readonly Repetition[],
  run: ValidationRun,
): ReadonlySet<ObjectMeta> {
  const left = new Set<ObjectMeta>();
  let [first, winner]: (ObjectMeta | undefined)[] = [];
  const shared: SharedBy = new Map();
  for (const repetition of repetitions) {
    if (repetition.first !== first) [first, winner] = [repetition.first, repetition.first];
    const earlier = winner ?? repetition.first;
    const counts = settle({ ...repetition, first: earlier }, shared, run);
    if (counts === undefined) continue;
    left.add(counts === earlier ? repetition.object : earlier);
    winner = counts;
  }
  for (const each of shared.values()) tellAlternative(each, run);
  return left;
}

/** @returns which of the two counts; undefined: they contradict each other */
function settle(repetition: Repetition, shared: SharedBy, run: ValidationRun): ObjectMeta | undefined {
  const { object, first } = repetition;
  const { duplicates } = run.context.options;
  if (isEqual(object, first)) return first;
  if (duplicates !== 'error') return duplicates === 'first' ? first : object;
  if (isSilenced('object-unique', object.annotations, run.context.options)) {
    tellLeftOut(repetition, run);
    return object;
  }
  const alternative = run.areAlternatives(object, first);
  if (alternative === undefined) return undefined;
  noteAlternative(repetition, alternative, shared);
  return first;
}

/** Two files or folders that define objects alike, and what there is to say of them: once, whatever they hold. */
interface Shared {
  readonly repetition: Repetition;
  readonly alternative: AlternativeKind;
  count: number;
}

type SharedBy = Map<string, Shared>;

function noteAlternative(repetition: Repetition, alternative: AlternativeKind, shared: SharedBy): void {
  const { object, first } = repetition;
  const key = JSON.stringify([object.locate([]).file, first.locate([]).file]);
  const known = shared.get(key);
  if (known === undefined) shared.set(key, { repetition, alternative, count: 1 });
  else known.count += 1;
}

/** In one folder kubectl would apply all of them, and the last would stay: that is worth a warning. */
function tellAlternative({ repetition, alternative, count: number }: Shared, run: ValidationRun): void {
  const { kind, object, first } = repetition;
  const rule = { code: 'object-unique', severity: alternative === 'folders' ? 'info' : 'warning' } as const;
  const field = ['metadata', 'name'];
  const others = number === 1 ? '' : ` and ${count(number - 1, 'object')} more of this file`;
  const verb = number === 1 ? 'is' : 'are';
  const where = alternative === 'folders' ? 'in another folder' : 'in another file of the folder';
  const message = `${labelOf(kind, object)}${others} ${verb} defined differently ${where}: the first definition counts`;
  const hint = `if these ${alternative} are alternatives, give one at a time; --duplicates says which definition counts`;
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
