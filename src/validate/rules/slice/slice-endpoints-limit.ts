import { MAX_ENDPOINTS } from '../../defaults/endpoint-slice.ts';
import type { EndpointSliceRule } from '../../rule.ts';

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). */
export const sliceEndpointsLimit = {
  code: 'slice-endpoints-limit',
  category: 'api',
  severity: 'error',
  summary: 'more than 1000 endpoints in a slice',
  skipsPlain: true,
  explanation: `A slice has at most 1000 endpoints (the controller makes slices of 100), so that a change of one endpoint
does not send all of them to every node. A Service may have many slices.`,
  check({ slice }, report) {
    const count = slice.endpoints?.length ?? 0;
    if (count <= MAX_ENDPOINTS) return;
    report({
      field: ['endpoints'],
      message: `${count} endpoints in one slice, more than ${MAX_ENDPOINTS}`,
      hint: 'split them over several slices',
    });
  },
} as const satisfies EndpointSliceRule;
