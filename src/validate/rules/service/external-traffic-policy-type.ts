import { isExternallyAccessible } from '../../defaults/service.ts';
import type { ServiceRule } from '../../rule.ts';

/** validateServiceExternalTrafficPolicy (1.34). */
export const externalTrafficPolicyType = {
  code: 'external-traffic-policy-type',
  category: 'api',
  severity: 'error',
  summary: 'externalTrafficPolicy on a Service that nobody outside reaches',
  explanation: `externalTrafficPolicy is about traffic from outside the cluster. A Service that nobody outside reaches (type
ClusterIP without externalIPs, or ExternalName) must not set it, not even to Cluster.`,
  check({ type, externalIPs, externalTrafficPolicy }, report) {
    if (externalTrafficPolicy === '' || isExternallyAccessible(type, externalIPs)) return;
    report({
      field: ['spec', 'externalTrafficPolicy'],
      message: `externalTrafficPolicy on a Service that nobody outside the cluster reaches`,
      hint: 'leave externalTrafficPolicy out',
    });
  },
} as const satisfies ServiceRule;
