import type { EndpointSliceRule } from '../../rule.ts';

/** Nothing upstream: kube-proxy passes over slices of type FQDN. */
export const sliceFQDN = {
  code: 'slice-fqdn',
  category: 'node',
  severity: 'warning',
  summary: 'a slice of domain names, which is left out',
  skipsPlain: true,
  explanation: `Nodes forward packets to addresses, not to names: kube-proxy passes over slices of type FQDN, and so does
svcgen. A Service of type ExternalName is an alias for a name.`,
  check({ slice: { addressType } }, report) {
    if (addressType !== 'FQDN') return;
    report({ field: ['addressType'], message: 'a slice of type FQDN is left out of the rules' });
  },
} as const satisfies EndpointSliceRule;
