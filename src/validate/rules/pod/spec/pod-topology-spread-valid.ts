import { checkLabelSelector } from '../../../checks/label-selector.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSIONS = ['Honor', 'Ignore'];

/** validateTopologySpreadConstraints (1.34). */
export const podTopologySpreadValid = {
  code: 'pod-topology-spread-valid',
  category: 'api',
  severity: 'error',
  summary: 'a topology spread constraint that lacks something, or is repeated',
  explanation: `A topology spread constraint has a maxSkew of at least 1, a topologyKey, and says in whenUnsatisfiable what to
do when it cannot be met; each pair of topologyKey and whenUnsatisfiable stands once.`,
  check({ spec, path }, report) {
    const constraints = spec.topologySpreadConstraints ?? [];
    for (const [index, constraint] of constraints.entries()) {
      const field = [...path, 'topologySpreadConstraints', index];
      for (const [key, message] of problemsOf(constraint ?? {})) report({ field: [...field, key], message });
      checkLabelSelector(constraint?.labelSelector, [...field, 'labelSelector'], report);
      if (constraint?.matchLabelKeys?.length && !constraint.labelSelector) {
        report({ field: [...field, 'matchLabelKeys'], message: 'matchLabelKeys needs a labelSelector' });
      }
      for (const [at, key] of (constraint?.matchLabelKeys ?? []).entries()) {
        const problem = labelKeyProblem(key ?? '', constraint?.labelSelector);
        if (problem !== undefined)
          report({
            field: [...field, 'matchLabelKeys', at],
            message: `key ${quoteValue(key ?? '')} ${problem}`,
          });
      }
    }
    reportRepeated(constraints, {
      keyOf: (constraint) => `${constraint?.topologyKey}, ${constraint?.whenUnsatisfiable}`,
      toFinding: (_, index, first) => ({
        field: [...path, 'topologySpreadConstraints', first, '{topologyKey, whenUnsatisfiable}'],
        place: [...path, 'topologySpreadConstraints', index],
        message: `the constraint has topologyKey and whenUnsatisfiable of topologySpreadConstraints[${first}]`,
      }),
      report,
    });
  },
} as const satisfies PodRule;

function problemsOf(constraint: api.TopologySpreadConstraint) {
  const { maxSkew, topologyKey, whenUnsatisfiable: action, minDomains } = constraint;
  const problems: (readonly [key: string, message: string])[] = [];
  if ((maxSkew ?? 0) < 1) problems.push(['maxSkew', `maxSkew ${maxSkew ?? 0} is not positive`]);
  if (!topologyKey) problems.push(['topologyKey', 'a topologyKey is needed']);
  if (!ACTIONS.includes(action ?? ''))
    problems.push(['whenUnsatisfiable', `${quoteValue(action ?? '')} is none of ${ACTIONS.join(', ')}`]);
  if (typeof minDomains === 'number' && minDomains < 1)
    problems.push(['minDomains', `minDomains ${minDomains} is not positive`]);
  if (typeof minDomains === 'number' && action !== 'DoNotSchedule')
    problems.push(['minDomains', 'minDomains needs DoNotSchedule']);
  for (const key of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
    const policy = constraint[key];
    if (policy === undefined || policy === null || INCLUSIONS.includes(policy)) continue;
    problems.push([key, `${quoteValue(policy)} is none of ${INCLUSIONS.join(', ')}`]);
  }
  return problems;
}

function labelKeyProblem(key: string, selector: api.LabelSelector | null | undefined): string | undefined {
  const problem = qualifiedNameProblem(key);
  if (problem !== undefined) return problem;
  if (!selector) return undefined;
  const isSelected =
    Object.hasOwn(selector.matchLabels ?? {}, key) ||
    (selector.matchExpressions ?? []).some((entry) => entry?.key === key);
  return isSelected ? 'is in labelSelector too' : undefined;
}
