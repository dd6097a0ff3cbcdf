import { reportRepeated } from '../../checks/repeated.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.34): across protocols, and unnamed ones count too. */
export const slicePortNameUnique = {
  code: 'slice-port-name-unique',
  category: 'api',
  severity: 'error',
  summary: 'two ports of a slice with one name',
  skipsPlain: true,
  explanation: `The ports of a slice are told apart by their names alone, so each name stands once, also when the protocols
differ, and at most one port has none.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      // In quotes, so that an unnamed port counts as well.
      keyOf: (port) => JSON.stringify(port?.name ?? ''),
      toFinding: (port, index, first) => ({
        field: ['ports', index, 'name'],
        message: `port name ${quoteValue(port?.name ?? '')} is that of ports[${first}] too`,
      }),
      report,
    });
  },
} as const satisfies EndpointSliceRule;
