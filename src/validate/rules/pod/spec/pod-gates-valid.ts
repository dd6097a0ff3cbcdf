import { reportRepeated } from '../../../checks/repeated.ts';
import { qualifiedNameProblem } from '../../../formats/qualified-name.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateReadinessGates, validateSchedulingGates and ValidatePodCreate (1.34). */
export const podGatesValid = {
  code: 'pod-gates-valid',
  category: 'api',
  severity: 'error',
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
