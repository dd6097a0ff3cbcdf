import { needsHealthCheck } from '../../../../kubernetes/services.ts';
import type { ServiceRule } from '../../../rule.ts';

/** validateServiceExternalTrafficPolicy (1.34). */
export const healthCheckNodePortType = {
  code: 'health-check-node-port-type',
  category: 'api',
  severity: 'error',
  summary: 'healthCheckNodePort without LoadBalancer and Local policy',
  explanation: `On healthCheckNodePort a node tells the load balancer whether it has endpoints of the Service. That matters
only for type LoadBalancer with externalTrafficPolicy Local; elsewhere the field is refused.`,
  check(service, report) {
    if (service.healthCheckNodePort === 0 || needsHealthCheck(service)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: 'healthCheckNodePort without type LoadBalancer and externalTrafficPolicy Local',
      hint: 'leave healthCheckNodePort out',
    });
  },
} as const satisfies ServiceRule;
