import { isPortNumber } from '../../../formats/port.ts';
import type { ServiceRule } from '../../../rule.ts';

/** validateServicePort (1.34); a missing port is 0. */
export const servicePortInRange = {
  code: 'service-port-in-range',
  category: 'api',
  severity: 'error',
  summary: 'a port that is missing or outside 1-65535',
  explanation: `spec.ports[].port is the port that clients of the Service use: 1 to 65535, and never left out. (What the
pods listen on is targetPort, which is the same port when left out.)`,
  check({ ports }, report) {
    ports.forEach(({ port }, index) => {
      if (isPortNumber(port)) return;
      const message = port === 0 ? 'a port number is missing (or 0)' : `port ${port} is outside 1-65535`;
      const hint = 'set it to the port that clients connect to';
      report({ field: ['spec', 'ports', index, 'port'], message, hint });
    });
  },
} as const satisfies ServiceRule;
