import { TABLE_NAME } from '../../render/nftables/vocabulary.ts';
import { knownChain } from '../../render/own-chains.ts';
import type { ExplainedStep } from '../explanation.ts';

/**
 * The steps of a path that decide something: left out are ways into chains that come back without having changed anything,
 * rules of the kernel's chains that only lead to the next step, and what kube-proxy does to its own mark, which the rules
 * before and after tell in words. A step that needs something to be so, which only the node can tell, always stays.
 * @param around the step that comes before them, and those that come after them
 */
export function decisiveSteps(
  steps: readonly ExplainedStep[],
  { before, after = [] }: StepsAround = {},
): readonly ExplainedStep[] {
  const deciding = withoutDetours(steps, after);
  return deciding.filter(
    (step, index) => !isEntrance(step, deciding[index - 1] ?? before, deciding[index + 1]),
  );
}

/** What a part of a path is between. */
export interface StepsAround {
  readonly before?: ExplainedStep | undefined;
  readonly after?: readonly ExplainedStep[];
}

/** `-> KUBE-SERVICES`, also after something else that the rule does. */
const JUMP = /-> (\S+)$/;

function targetOf({ effect }: ExplainedStep): string | undefined {
  return JUMP.exec(effect)?.[1];
}

/** A rule that does nothing but lead to another chain. */
function isPlainJump(step: ExplainedStep): boolean {
  return step.effect.startsWith('-> ') && step.given.length === 0;
}

function isReturn({ effect, given }: ExplainedStep): boolean {
  return /^return$/i.test(effect) && given.length === 0;
}

/** It changes nothing that is not told elsewhere. */
function isIdle(step: ExplainedStep): boolean {
  return isReturn(step) || isOwnMark(step);
}

function isIn(step: ExplainedStep | undefined, { hook, place }: ExplainedStep, chain: string): boolean {
  return step?.hook === hook && step?.place?.table === place?.table && step?.place?.chain === chain;
}

/** From the last step on: a jump counts only when something that it leads to has counted. */
function withoutDetours(
  steps: readonly ExplainedStep[],
  after: readonly ExplainedStep[],
): readonly ExplainedStep[] {
  const all = [...steps, ...after];
  const kept: ExplainedStep[] = [];
  steps.forEach((step, index) => {
    if (isIdle(step)) return;
    const target = isPlainJump(step) ? targetOf(step) : undefined;
    const next = steps[index + 1];
    // Where a path ends with a jump, the way that goes on from there has what it leads to.
    if (target === undefined || next === undefined || leadsSomewhere(all.slice(index + 1), step, target))
      kept.push(step);
  });
  return kept;
}

/** Whether something in a chain, or in those that it leads to, does more than to come back. */
function leadsSomewhere(rest: readonly ExplainedStep[], from: ExplainedStep, target: string): boolean {
  const chain = from.place?.chain;
  for (const step of rest) {
    if (step.hook !== from.hook || step.place?.table !== from.place?.table) return false;
    if (step.place?.chain === chain) return false;
    if (!isIdle(step) && !isPlainJump(step)) return true;
  }
  // It ends on the way: what comes then is not in this part of the path.
  return rest.every((step) => !isIdle(step) || step.place?.chain !== target);
}

/** A rule of a chain of the kernel, which is where a hook begins, and that only leads to the next step. */
function isEntrance(
  step: ExplainedStep,
  before: ExplainedStep | undefined,
  next: ExplainedStep | undefined,
): boolean {
  const target = targetOf(step);
  const isFirst =
    before === undefined || before.hook !== step.hook || before.place?.table !== step.place?.table;
  return isFirst && isPlainJump(step) && target !== undefined && isIn(next, step, target);
}

/** Rules of kube-proxy that set its mark, or take it off. */
function isOwnMark({ effect, place, given }: ExplainedStep): boolean {
  if (place === undefined || given.length > 0 || !/^mark [^,]+$/i.test(effect)) return false;
  return place.table === TABLE_NAME || knownChain(place.chain) !== undefined;
}
