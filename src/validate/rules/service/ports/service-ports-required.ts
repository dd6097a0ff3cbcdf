import { isHeadless } from '../../../../kubernetes/services.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const servicePortsRequired = {
  code: 'service-ports-required',
  category: 'api',
  severity: 'error',
  summary: 'a Service with a cluster IP, but without ports',
  explanation: `A Service with a cluster IP forwards ports, so it has at least one. Only headless Services and
ExternalName, which are mere DNS names, do without.`,
  check(service, report) {
    if (service.ports.length > 0 || isHeadless(service) || service.type === 'ExternalName') return;
    report({
      field: ['spec', 'ports'],
      message: 'a Service needs at least one port',
      hint: 'add spec.ports, or make the Service headless with clusterIP: None',
    });
  },
} as const satisfies ServiceRule;
