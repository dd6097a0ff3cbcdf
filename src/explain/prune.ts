import type { Step } from '../lang/packet/way.ts';

/** Leaves jumps out that led to nothing: no rule of the chain, or of those that it jumps to, matched. `after` is what follows. */
export function withoutVainJumps(steps: readonly Step[], after?: Step): readonly Step[] {
  const kept: Step[] = [];
  for (const step of steps.toReversed()) {
    if (!isVain(step, kept.at(-1) ?? after)) kept.push(step);
  }
  return kept.reverse();
}

function isVain(step: Step, next: Step | undefined): boolean {
  if (step.kind !== 'rule' || step.branch.next.kind !== 'jump') return false;
  if (next?.kind !== 'rule') return true;
  return next.rule.table !== step.rule.table || next.rule.chain !== step.branch.next.chain;
}
