import type { EndpointSliceRule } from '../../rule.ts';

/** Nothing upstream: kube-proxy passes over slices of type FQDN. */
export const sliceFQDN: EndpointSliceRule = {
  code: 'slice-fqdn',
  severity: 'warning',
  skipsPlain: true,
  explanation: `Nodes forward packets to addresses, not to names: kube-proxy passes over slices of type FQDN, and so does
svcgen. A Service of type ExternalName is an alias for a name.`,
  failingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: FQDN
endpoints:
  - addresses: [web.example.com]
`,
  passingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: IPv4
endpoints:
  - addresses: [192.0.2.80]
`,
  check({ slice: { addressType } }, report) {
    if (addressType !== 'FQDN') return;
    report({ field: ['addressType'], message: 'a slice of type FQDN is left out of the rules' });
  },
};
