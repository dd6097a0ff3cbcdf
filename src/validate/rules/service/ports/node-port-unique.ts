import { reportRepeated } from '../../../checks/repeated.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const nodePortUnique = {
  code: 'node-port-unique',
  category: 'api',
  severity: 'error',
  summary: 'two entries with one nodePort and protocol',
  explanation: `A node port leads to one port of one Service: two entries of spec.ports with the same nodePort and
protocol contradict each other.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ protocol, nodePort }) => (nodePort === 0 ? '' : `${nodePort}/${protocol}`),
      toFinding: ({ protocol, nodePort }, index, first) => ({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort}/${protocol} is that of spec.ports[${first}] too`,
        hint: 'choose another number, or leave it out to get one',
      }),
      report,
    });
  },
} as const satisfies ServiceRule;
