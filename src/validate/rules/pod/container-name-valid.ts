import { containersOf } from '../../checks/pod-containers.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainerCommon (1.34). */
export const containerNameValid = {
  code: 'container-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a container without a name, or whose name is no DNS label',
  explanation: `Every container of a pod has a name: a DNS label of lower case letters, digits and '-'.`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      const field = [...path, 'name'];
      if (!container.name) report({ field, message: 'a container needs a name' });
      else {
        const problem = dnsLabelProblem(container.name);
        if (problem !== undefined)
          report({ field, message: `container name ${quoteValue(container.name)} ${problem}` });
      }
    }
  },
} as const satisfies PodRule;
