import { checkLabelSelector } from '../../../checks/label-selector.ts';
import { reportRepeated } from '../../../checks/repeated.ts';
import { labelValueProblem, qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateReadinessGates, validateSchedulingGates and ValidatePodCreate (1.34). */
export const podGatesValid = {
  code: 'pod-gates-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['readinessGates', 'schedulingGates'],
  summary: 'a readiness or scheduling gate that is no qualified name',
  explanation: `Readiness gates name conditions that have to be true before a pod counts as ready, scheduling gates hold it
back from being scheduled: qualified names both, and no scheduling gate twice. A pod with scheduling gates cannot have
a node yet.`,
  check({ spec, path, isTemplate }, report) {
    for (const [index, gate] of (spec.readinessGates ?? []).entries()) {
      const type = gate?.conditionType ?? '';
      const problem = qualifiedNameProblem(type);
      const field = [...path, 'readinessGates', index, 'conditionType'];
      if (problem !== undefined) report({ field, message: `conditionType ${quoteValue(type)} ${problem}` });
    }
    const gates = spec.schedulingGates ?? [];
    for (const [index, gate] of gates.entries()) {
      const problem = qualifiedNameProblem(gate?.name ?? '');
      const field = [...path, 'schedulingGates', index];
      if (problem !== undefined)
        report({ field, message: `scheduling gate ${quoteValue(gate?.name ?? '')} ${problem}` });
    }
    reportRepeated(gates, {
      keyOf: (gate) => gate?.name ?? '',
      toFinding: (gate, index) => ({
        field: [...path, 'schedulingGates', index],
        message: `scheduling gate ${quoteValue(gate?.name ?? '')} is listed twice`,
      }),
      report,
    });
    if (isTemplate || gates.length === 0 || !spec.nodeName) return;
    report({ field: [...path, 'nodeName'], message: 'nodeName on a pod that scheduling gates hold back' });
  },
} as const satisfies PodRule;

/** ValidatePodSpec (1.34): a node selector is a map of labels. */
export const podNodeSelectorValid = {
  code: 'pod-node-selector-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['nodeSelector'],
  summary: 'a nodeSelector whose keys or values no labels can have',
  explanation: `nodeSelector is compared with the labels of nodes, so its keys and values are written as labels are.`,
  check({ spec, path }, report) {
    const field = [...path, 'nodeSelector'];
    for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
      const place = [...field, key];
      const keyProblem = qualifiedNameProblem(key);
      if (keyProblem !== undefined)
        report({ field, place, at: 'key', message: `key ${quoteValue(key)} ${keyProblem}` });
      const problem = labelValueProblem(value ?? '');
      if (problem !== undefined)
        report({ field, place, message: `value ${quoteValue(value ?? '')} ${problem}` });
    }
  },
} as const satisfies PodRule;

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

/** ValidateTolerations (1.34). */
export const podTolerationsValid = {
  code: 'pod-tolerations-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['tolerations'],
  summary: 'a toleration that contradicts itself',
  explanation: `A toleration without a key tolerates everything and needs operator Exists; with Exists there is no value;
tolerationSeconds belongs to effect NoExecute.`,
  check({ spec, path }, report) {
    for (const [index, toleration] of (spec.tolerations ?? []).entries()) {
      for (const [key, message] of tolerationProblems(toleration ?? {})) {
        report({ field: [...path, 'tolerations', index, key], message });
      }
    }
  },
} as const satisfies PodRule;

function tolerationProblems({ key, operator, value, effect, tolerationSeconds }: api.Toleration) {
  const problems: (readonly [key: string, message: string])[] = [];
  const keyProblem = key ? qualifiedNameProblem(key) : undefined;
  if (keyProblem !== undefined) problems.push(['key', `key ${quoteValue(key ?? '')} ${keyProblem}`]);
  if (!key && operator !== 'Exists')
    problems.push(['operator', 'a toleration without key needs operator Exists']);
  if (typeof tolerationSeconds === 'number' && effect !== 'NoExecute') {
    problems.push(['effect', 'tolerationSeconds needs effect NoExecute']);
  }
  if (operator === 'Exists' && value) problems.push(['operator', 'operator Exists takes no value']);
  else if (operator && operator !== 'Equal' && operator !== 'Exists') {
    problems.push(['operator', `operator ${quoteValue(operator)} is neither Equal nor Exists`]);
  }
  const valueProblem = !operator || operator === 'Equal' ? labelValueProblem(value ?? '') : undefined;
  if (valueProblem !== undefined)
    problems.push(['operator', `value ${quoteValue(value ?? '')} ${valueProblem}`]);
  if (effect && !EFFECTS.includes(effect))
    problems.push(['effect', `effect ${quoteValue(effect)} is none of ${EFFECTS.join(', ')}`]);
  return problems;
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSIONS = ['Honor', 'Ignore'];

/** validateTopologySpreadConstraints (1.34). */
export const podTopologySpreadValid = {
  code: 'pod-topology-spread-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['topologySpreadConstraints'],
  summary: 'a topology spread constraint that lacks something, or is repeated',
  explanation: `A topology spread constraint has a maxSkew of at least 1, a topologyKey, and says in whenUnsatisfiable what to
do when it cannot be met; each pair of topologyKey and whenUnsatisfiable stands once.`,
  check({ spec, path }, report) {
    const constraints = spec.topologySpreadConstraints ?? [];
    for (const [index, constraint] of constraints.entries()) {
      const field = [...path, 'topologySpreadConstraints', index];
      for (const [key, message] of spreadProblems(constraint ?? {}))
        report({ field: [...field, key], message });
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

function spreadProblems(constraint: api.TopologySpreadConstraint) {
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
