import { MAX_PORTS } from '../../defaults/endpoint-slice.ts';
import type { EndpointSliceRule } from '../../rule.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.21 and later; the documented 100 is not enforced). */
export const slicePortsLimit = {
  code: 'slice-ports-limit',
  category: 'api',
  severity: 'error',
  summary: 'more than 20000 ports in a slice',
  skipsPlain: true,
  explanation: `A slice has at most 20000 ports. (The API documentation says 100, which the API server does not enforce.)`,
  check({ slice }, report) {
    const count = slice.ports?.length ?? 0;
    if (count > MAX_PORTS) report({ field: ['ports'], message: `${count} ports, more than ${MAX_PORTS}` });
  },
} as const satisfies EndpointSliceRule;
