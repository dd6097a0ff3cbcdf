import { visitPorts } from '../../checks/endpoints-address.ts';
import { isPortNumber } from '../../formats/port.ts';
import type { EndpointsRule } from '../../rule.ts';

/** validateEndpointPort (1.34). */
export const endpointsPortInRange = {
  code: 'endpoints-port-in-range',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint port that is missing or outside 1-65535',
  explanation: `The port of an endpoint is a number from 1 to 65535, and never left out.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ port }, pathOf) => {
      if (isPortNumber(port ?? 0)) return;
      const message = port ? `port ${port} is outside 1-65535` : 'a port number is missing (or 0)';
      report({ field: pathOf('port'), message });
    });
  },
} as const satisfies EndpointsRule;
