import { reportRepeated } from '../../../checks/repeated.ts';
import type { ServiceRule } from '../../../rule.ts';

/** validateServicePort (1.34). */
export const servicePortNameUnique = {
  code: 'service-port-name-unique',
  category: 'api',
  severity: 'error',
  summary: 'two ports of a Service with one name',
  explanation: `Endpoints and EndpointSlices refer to a Service's ports by name: the same name twice would leave open
which one is meant. TCP and UDP ports need different names too, such as dns and dns-tcp.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ name }) => name,
      toFinding: ({ name }, index, first) => ({
        field: ['spec', 'ports', index, 'name'],
        message: `port name ${JSON.stringify(name)} is that of spec.ports[${first}] too`,
        hint: 'give every port a name of its own',
      }),
      report,
    });
  },
} as const satisfies ServiceRule;
