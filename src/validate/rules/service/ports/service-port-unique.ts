import { reportRepeated } from '../../../checks/repeated.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const servicePortUnique = {
  code: 'service-port-unique',
  category: 'api',
  severity: 'error',
  summary: 'two entries with one port and protocol',
  explanation: `Two entries of spec.ports with the same port and protocol would be two answers to one question. The same
port with TCP and UDP is fine.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ protocol, port }) => `${port}/${protocol}`,
      toFinding: ({ protocol, port }, index, first) => ({
        field: ['spec', 'ports', index],
        message: `port ${port}/${protocol} is that of spec.ports[${first}] too`,
        hint: 'remove one of the two, or choose another port or protocol',
      }),
      report,
    });
  },
} as const satisfies ServiceRule;
