import { needsHealthCheck } from '../../../../kubernetes/services.ts';
import { reserveNodePorts } from '../../../checks/node-port-reservations.ts';
import type { ServiceRule } from '../../../rule.ts';

/** allocHealthCheckNodePort of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const healthCheckNodePortUnique = {
  code: 'health-check-node-port-unique',
  category: 'api',
  severity: 'error',
  summary: 'a healthCheckNodePort that is a nodePort of the Service too',
  explanation: `healthCheckNodePort is reserved like a nodePort, so it cannot be one of the Service's own nodePorts.`,
  check(service, report) {
    const { healthCheckNodePort: port } = service;
    if (port === 0 || !needsHealthCheck(service) || !reserveNodePorts(service).reserved.has(port)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: `healthCheckNodePort ${port} is a nodePort of this Service too`,
      hint: 'choose another number, or leave it out to get one',
    });
  },
} as const satisfies ServiceRule;
