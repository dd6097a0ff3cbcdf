import type { FieldPath } from '../../../../model/field-path.ts';
import { checkExpression, checkLabelSelector } from '../../../checks/label-selector.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../../formats/dns.ts';
import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** validateAffinity (1.34); values in required node affinities are looked at since 1.33. */
export const podAffinityValid = {
  code: 'pod-affinity-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['affinity'],
  summary: 'an affinity term that selects nothing, or lacks its topologyKey',
  explanation: `Affinity terms are selectors: operators In and NotIn have values, Exists and DoesNotExist have none, pod
affinities name a topologyKey, and weights of preferences are 1 to 100.`,
  check({ spec: { affinity }, path }, report, { options }) {
    if (!affinity) return;
    const { nodeAffinity, podAffinity, podAntiAffinity } = affinity;
    const field = [...path, 'affinity'];
    if (nodeAffinity) {
      const allowsAnyValue = !options.kubernetes.api.checksAffinityValues;
      checkNodeAffinity(nodeAffinity, { path: [...field, 'nodeAffinity'], allowsAnyValue }, report);
    }
    if (podAffinity) checkPodAffinity(podAffinity, [...field, 'podAffinity'], report);
    if (podAntiAffinity) checkPodAffinity(podAntiAffinity, [...field, 'podAntiAffinity'], report);
  },
} as const satisfies PodRule;

function checkNodeAffinity(
  affinity: api.NodeAffinity,
  { path, allowsAnyValue }: { readonly path: FieldPath; readonly allowsAnyValue: boolean },
  report: Report,
): void {
  const required = affinity[REQUIRED];
  if (required) {
    const field = [...path, REQUIRED, 'nodeSelectorTerms'];
    if (!required.nodeSelectorTerms?.length) report({ field, message: 'a node affinity needs a term' });
    for (const [index, term] of (required.nodeSelectorTerms ?? []).entries())
      checkNodeTerm(term ?? {}, { path: [...field, index], allowsAnyValue }, report);
  }
  for (const [index, preference] of (affinity[PREFERRED] ?? []).entries()) {
    const field = [...path, PREFERRED, index];
    checkWeight(preference?.weight ?? 0, field, report);
    checkNodeTerm(
      preference?.preference ?? {},
      { path: [...field, 'preference'], allowsAnyValue: true },
      report,
    );
  }
}

function checkNodeTerm(
  { matchExpressions, matchFields }: api.NodeSelectorTerm,
  { path, allowsAnyValue }: { readonly path: FieldPath; readonly allowsAnyValue: boolean },
  report: Report,
): void {
  for (const [index, expression] of (matchExpressions ?? []).entries()) {
    checkExpression(
      expression ?? {},
      { path: [...path, 'matchExpressions', index], extra: ['Gt', 'Lt'], allowsAnyValue },
      report,
    );
  }
  for (const [index, entry] of (matchFields ?? []).entries()) {
    const field = [...path, 'matchFields', index];
    const { key, operator, values } = entry ?? {};
    if (operator !== 'In' && operator !== 'NotIn')
      report({
        field: [...field, 'operator'],
        message: `${quoteValue(operator ?? '')} is neither In nor NotIn`,
      });
    else if (values?.length !== 1)
      report({ field: [...field, 'values'], message: `operator ${operator} takes one value here` });
    if (key !== 'metadata.name')
      report({ field: [...field, 'key'], message: `${quoteValue(key ?? '')} is not metadata.name` });
    else {
      for (const [at, value] of (values ?? []).entries()) {
        const problem = dnsSubdomainProblem(value ?? '');
        if (problem !== undefined)
          report({
            field: [...field, 'values', at],
            message: `node name ${quoteValue(value ?? '')} ${problem}`,
          });
      }
    }
  }
}

function checkPodAffinity(affinity: api.PodAffinity, path: FieldPath, report: Report): void {
  for (const [index, term] of (affinity[REQUIRED] ?? []).entries())
    checkPodTerm(term ?? {}, [...path, REQUIRED, index], report);
  for (const [index, preference] of (affinity[PREFERRED] ?? []).entries()) {
    const field = [...path, PREFERRED, index];
    checkWeight(preference?.weight ?? 0, field, report);
    checkPodTerm(preference?.podAffinityTerm ?? {}, [...field, 'podAffinityTerm'], report);
  }
}

function checkPodTerm(term: api.PodAffinityTerm, path: FieldPath, report: Report): void {
  checkLabelSelector(term.labelSelector, [...path, 'labelSelector'], report);
  checkLabelSelector(term.namespaceSelector, [...path, 'namespaceSelector'], report);
  for (const [index, namespace] of (term.namespaces ?? []).entries()) {
    const problem = dnsLabelProblem(namespace ?? '');
    const message = `namespace ${quoteValue(namespace ?? '')} ${problem}`;
    if (problem !== undefined)
      report({ field: [...path, 'namespace'], place: [...path, 'namespaces', index], message });
  }
  const field = [...path, 'topologyKey'];
  const problem = qualifiedNameProblem(term.topologyKey ?? '');
  if (!term.topologyKey) report({ field, message: 'a topologyKey is needed' });
  else if (problem !== undefined)
    report({ field, message: `topologyKey ${quoteValue(term.topologyKey)} ${problem}` });
  checkLabelKeys(term, path, report);
}

/** matchLabelKeys and mismatchLabelKeys add to the labelSelector, so they need one, and no key in common. */
function checkLabelKeys(term: api.PodAffinityTerm, path: FieldPath, report: Report): void {
  const mismatched = new Set(term.mismatchLabelKeys ?? []);
  for (const list of ['matchLabelKeys', 'mismatchLabelKeys'] as const) {
    const keys = term[list] ?? [];
    if (keys.length > 0 && !term.labelSelector)
      report({ field: [...path, list], message: `${list} needs a labelSelector` });
    for (const [index, key] of keys.entries()) {
      const problem = qualifiedNameProblem(key ?? '');
      if (problem !== undefined)
        report({ field: [...path, list, index], message: `key ${quoteValue(key ?? '')} ${problem}` });
      const isInBoth = list === 'matchLabelKeys' && mismatched.has(key);
      if (isInBoth)
        report({
          field: [...path, list, index],
          message: `key ${quoteValue(key ?? '')} is in mismatchLabelKeys too`,
        });
    }
  }
}

function checkWeight(weight: number, field: FieldPath, report: Report): void {
  if (weight < 1 || weight > 100)
    report({ field: [...field, 'weight'], message: `weight ${weight} is outside 1-100` });
}
