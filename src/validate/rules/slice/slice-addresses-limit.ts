import type { EndpointSliceRule } from '../../rule.ts';

const MAX_ADDRESSES = 100;

/** validateEndpoints (pkg/apis/discovery/validation, 1.34). kube-proxy uses only the first address. */
export const sliceAddressesLimit = {
  code: 'slice-addresses-limit',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint without address, or with more than 100',
  skipsPlain: true,
  explanation: `An endpoint has at least one address and at most 100. They are addresses of the same thing: only the first
one is used. Different pods are different endpoints.`,
  check({ endpoints }, report) {
    endpoints.forEach((endpoint, index) => {
      const count = endpoint?.addresses?.length ?? 0;
      if (count > 0 && count <= MAX_ADDRESSES) return;
      const message =
        count === 0 ? 'an endpoint needs an address' : `${count} addresses, more than ${MAX_ADDRESSES}`;
      const hint = 'make an endpoint of every server, with its address';
      report({ field: ['endpoints', index, 'addresses'], message, hint });
    });
  },
} as const satisfies EndpointSliceRule;
