import { needsHealthCheck } from '../../../../kubernetes/services.ts';
import type { ServiceRule } from '../../../rule.ts';

/** The node port allocator (pkg/registry/core/service/portallocator, 1.34). */
export const healthCheckNodePortInRange = {
  code: 'health-check-node-port-in-range',
  category: 'api',
  severity: 'error',
  summary: "a healthCheckNodePort outside the cluster's range",
  explanation: `healthCheckNodePort is handed out from the same range as nodePorts: 30000-32767 unless
--service-node-port-range says otherwise.`,
  check(service, report, { options }) {
    const { healthCheckNodePort: port } = service;
    const { first, last } = options.nodePortRange;
    if (port === 0 || !needsHealthCheck(service) || (port >= first && port <= last)) return;
    report({
      field: ['spec', 'healthCheckNodePort'],
      message: `healthCheckNodePort ${port} is outside ${first}-${last}`,
      hint: 'choose a port in the range, or leave it out to get one',
    });
  },
} as const satisfies ServiceRule;
