import { containersOf } from '../../checks/pod-containers.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainerCommon (1.34). */
export const containerNameValid: PodRule = {
  code: 'container-name-valid',
  severity: 'error',
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
};
