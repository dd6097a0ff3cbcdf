import { dnsLabelProblem, suggestLabel } from '../../formats/dns.ts';
import type { WorkloadRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

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
