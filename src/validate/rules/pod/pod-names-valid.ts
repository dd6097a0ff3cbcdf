import { dnsSubdomainProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const NAMES = ['serviceAccountName', 'nodeName', 'priorityClassName', 'runtimeClassName'] as const;

/**
 * ValidatePodSpec (1.34). An empty runtimeClassName is refused, the others mean none when empty; serviceAccount is the
 * name of old for serviceAccountName.
 */
export const podNamesValid = {
  code: 'pod-names-valid',
  category: 'api',
  severity: 'error',
  summary: 'the name of an account, node or class that cannot exist',
  explanation: `serviceAccountName, nodeName, priorityClassName and runtimeClassName are names of other objects: lower case
letters, digits, '-' and '.'.`,
  check({ spec, path }, report) {
    for (const key of NAMES) {
      const isOld = key === 'serviceAccountName' && !spec[key];
      const name = isOld ? spec.serviceAccount : spec[key];
      if (name === undefined || name === null || (name === '' && key !== 'runtimeClassName')) continue;
      const problem = dnsSubdomainProblem(name);
      if (problem !== undefined)
        report({
          field: [...path, key],
          place: [...path, isOld ? 'serviceAccount' : key],
          message: `${key} ${quoteValue(name)} ${problem}`,
        });
    }
  },
} as const satisfies PodRule;
