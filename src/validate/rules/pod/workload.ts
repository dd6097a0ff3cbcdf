import { checkLabelSelector } from '../../checks/label-selector.ts';
import { dnsLabelProblem, suggestLabel } from '../../formats/dns.ts';
import type { WorkloadRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateDeploymentSpec and its siblings (pkg/apis/apps/validation, pkg/apis/batch/validation, 1.34). */
export const workloadReplicasNotNegative = {
  code: 'workload-replicas-not-negative',
  category: 'api',
  severity: 'error',
  summary: 'a negative number of pods',
  explanation: `The number of pods (spec.replicas, for Jobs spec.parallelism) is 0 or more.`,
  check({ replicas, replicasPath }, report) {
    if (replicas === undefined || replicas >= 0) return;
    report({ field: replicasPath, message: `${replicasPath.at(-1)} ${replicas} is negative` });
  },
} as const satisfies WorkloadRule;

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

/** ValidateStatefulSetSpec (pkg/apis/apps/validation, 1.33 to 1.36). */
export const statefulSetServiceName = {
  code: 'stateful-set-service-name',
  category: 'api',
  severity: 'error',
  summary: 'a serviceName that no Service can have',
  explanation: `The serviceName of a StatefulSet is the Service under which DNS knows its pods, web-0.NAME and so on, so it
is a DNS label. Since Kubernetes 1.33 the API server insists.`,
  check({ serviceName }, report, { options }) {
    if (!serviceName || !options.kubernetes.api.checksServiceNames) return;
    const problem = dnsLabelProblem(serviceName);
    if (problem === undefined) return;
    const label = suggestLabel(serviceName);
    report({
      field: ['spec', 'serviceName'],
      message: `serviceName ${quoteValue(serviceName)} ${problem}`,
      ...(label === undefined ? {} : { hint: `try ${label}` }),
    });
  },
} as const satisfies WorkloadRule;

/** WarningsForStatefulSet (pkg/api/statefulset/warnings.go, 1.33 to 1.36). */
export const revisionHistoryNotNegative = {
  code: 'revision-history-not-negative',
  category: 'api',
  severity: 'warning',
  summary: 'a StatefulSet that keeps all its old revisions',
  explanation: `revisionHistoryLimit says how many old revisions of a StatefulSet are kept. With a negative number all of them
stay for ever. From Kubernetes 1.33 on the API server warns of it.`,
  check({ kind, revisionHistoryLimit = 0 }, report, { options }) {
    if (kind !== 'StatefulSet' || revisionHistoryLimit >= 0) return;
    if (!options.kubernetes.api.warnings.has('revision-history')) return;
    report({
      field: ['spec', 'revisionHistoryLimit'],
      message: `revisionHistoryLimit ${revisionHistoryLimit} keeps all old revisions`,
      hint: 'write 0 or more',
    });
  },
} as const satisfies WorkloadRule;

const MAX_COMPLETIONS = 100_000;
const MAX_PARALLELISM = 10_000;

/** WarningsForJobSpec (pkg/api/job/warnings.go, 1.30 to 1.36). */
export const jobWithinLimits = {
  code: 'job-within-limits',
  category: 'api',
  severity: 'warning',
  summary: 'an indexed Job with more completions than its controller copes with',
  explanation: `The status of an indexed Job lists what is done. With more than 100,000 completions and more than 10,000 pods at
once that list can outgrow what the API server stores. It warns of such a Job.`,
  check({ indexedCompletions = 0, replicas = 0, replicasPath }, report) {
    if (indexedCompletions <= MAX_COMPLETIONS || replicas <= MAX_PARALLELISM) return;
    report({
      field: replicasPath.slice(0, -1),
      message: `${indexedCompletions} completions, ${replicas} of them at once, are too many for an indexed Job`,
      hint: `keep completions to ${MAX_COMPLETIONS}, or parallelism to ${MAX_PARALLELISM}`,
    });
  },
} as const satisfies WorkloadRule;
