import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34): compared as text, so another spelling is another address. */
export const clusterIPsMatch = {
  code: 'cluster-ips-match',
  category: 'api',
  severity: 'error',
  summary: 'clusterIP and the first of clusterIPs differ',
  explanation: `clusterIP and the first of clusterIPs are two places for one address: when both are set they have to be
spelled the same, and clusterIPs alone is refused. Setting only clusterIP is enough for one address.`,
  check({ type, clusterIP, clusterIPs }, report) {
    const [first] = clusterIPs;
    if (type === 'ExternalName' || first === undefined || first === clusterIP) return;
    const message =
      clusterIP === ''
        ? `clusterIPs is set, but clusterIP is not`
        : `the first of clusterIPs is ${quoteValue(first)}, and clusterIP is ${quoteValue(clusterIP)}`;
    report({ field: ['spec', 'clusterIPs'], message, hint: `set clusterIP to ${quoteValue(first)} too` });
  },
} as const satisfies ServiceRule;
