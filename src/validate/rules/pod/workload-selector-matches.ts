import { checkLabelSelector } from '../../checks/label-selector.ts';
import type { WorkloadRule } from '../../rule.ts';

/** ValidatePodTemplateSpecForReplicaSet and its siblings (pkg/apis/apps/validation, 1.34). */
export const workloadSelectorMatches = {
  code: 'workload-selector-matches',
  category: 'api',
  severity: 'error',
  summary: "a selector that does not match the workload's own template",
  explanation: `A Deployment (StatefulSet, DaemonSet, ReplicaSet) finds its pods by spec.selector, so its template has to make
pods that the selector matches; an empty selector would match everybody's. Services find the same pods by the same
labels.`,
  check({ kind, selector, template }, report) {
    // Jobs get selector and labels made for them.
    if (kind === 'Job' || kind === 'CronJob') return;
    const field = ['spec', 'selector'];
    const wanted = selector?.matchLabels ?? {};
    if (!selector || Object.keys(wanted).length + (selector.matchExpressions?.length ?? 0) === 0) {
      report({
        field,
        message: `a ${kind} needs a selector`,
        hint: 'select the labels of its template',
      });
      return;
    }
    checkLabelSelector(selector, field, report);
    const labels = template.metadata?.labels ?? {};
    for (const [key, value] of Object.entries(wanted)) {
      if (Object.hasOwn(labels, key) && (labels[key] ?? '') === (value ?? '')) continue;
      report({
        field: ['spec', 'template', 'metadata', 'labels'],
        message: `the selector wants label ${JSON.stringify(key)} to be ${JSON.stringify(value ?? '')}, the template has it otherwise`,
      });
    }
  },
} as const satisfies WorkloadRule;
