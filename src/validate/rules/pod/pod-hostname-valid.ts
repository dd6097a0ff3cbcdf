import { dnsLabelProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidatePodSpec (1.34). */
export const podHostnameValid = {
  code: 'pod-hostname-valid',
  category: 'api',
  severity: 'error',
  summary: 'a hostname or subdomain of a pod that is no DNS label',
  explanation: `hostname and subdomain of a pod make its DNS name (hostname.subdomain.namespace.svc...), each is one label of
it: lower case letters, digits and '-', no dots.`,
  check({ spec, path }, report) {
    for (const key of ['hostname', 'subdomain'] as const) {
      const name = spec[key];
      const problem = name ? dnsLabelProblem(name) : undefined;
      if (name && problem !== undefined)
        report({ field: [...path, key], message: `${key} ${quoteValue(name)} ${problem}` });
    }
  },
} as const satisfies PodRule;
