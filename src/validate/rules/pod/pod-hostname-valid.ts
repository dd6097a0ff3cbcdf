import { dnsLabelProblem } from '../../formats/dns.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidatePodSpec (1.34). */
export const podHostnameValid: PodRule = {
  code: 'pod-hostname-valid',
  severity: 'error',
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
};
