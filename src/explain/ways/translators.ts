import type { Step } from '../../lang/packet/way.ts';
import type { ExplainedWay } from '../explanation.ts';
import { ownerOfRule, PROXY_NAME } from './rule-owner.ts';
import { RULE_PROGRAMS } from './rule-programs.ts';

/** The program, other than kube-proxy, whose rule gives a connection its destination; undefined: none, or nobody knows. */
export function translatorOf(steps: readonly Step[]): string | undefined {
  const step = steps.find(({ kind }, index) => kind === 'rule' && isRewritten(steps[index]));
  if (step?.kind !== 'rule') return undefined;
  const name = ownerOfRule(step.rule)?.name;
  return name === PROXY_NAME ? undefined : name;
}

function isRewritten(step: Step | undefined): boolean {
  return step?.kind === 'rule' && step.branch.packet.original !== undefined;
}

/**
 * What programs beside kube-proxy send a connection to, and whom they take it from.
 * @param shadowed what kube-proxy would have served: `nodePort 30080 of default/web:http (line 34)`; undefined: nothing
 */
export function translatorNotes(
  ways: readonly ExplainedWay[],
  shadowed: string | undefined,
): readonly string[] {
  const names = [...new Set(ways.flatMap(({ translator }) => translator ?? []))];
  return names.map((name) => {
    const sends = RULE_PROGRAMS.find((each) => each.name === name && each.sends !== undefined)?.sends;
    const before = shadowed === undefined ? '' : `, before kube-proxy does: ${shadowed} gets nothing of it`;
    return `${name} sends it there${before}${sends === undefined ? '' : `; ${sends}`}`;
  });
}
