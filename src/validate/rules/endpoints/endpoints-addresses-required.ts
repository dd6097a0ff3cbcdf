import type { EndpointsRule } from '../../rule.ts';

/** validateEndpointSubsets (1.34). */
export const endpointsAddressesRequired = {
  code: 'endpoints-addresses-required',
  category: 'api',
  severity: 'error',
  summary: 'a subset of Endpoints without addresses',
  explanation: `A subset joins addresses with ports, so it has at least one address, ready or not. Endpoints without any
address have no subsets at all.`,
  check({ subsets }, report) {
    for (const [index, subset] of (subsets ?? []).entries()) {
      if (subset?.addresses?.length || subset?.notReadyAddresses?.length) continue;
      report({
        field: ['subsets', index],
        message: 'a subset has neither addresses nor notReadyAddresses',
        hint: 'remove the subset, or add an address',
      });
    }
  },
} as const satisfies EndpointsRule;
