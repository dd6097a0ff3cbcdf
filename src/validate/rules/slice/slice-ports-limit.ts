import { MAX_PORTS } from '../../defaults/endpoint-slice.ts';
import type { EndpointSliceRule } from '../../rule.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.21 and later; the documented 100 is not enforced). */
export const slicePortsLimit: EndpointSliceRule = {
  code: 'slice-ports-limit',
  severity: 'error',
  skipsPlain: true,
  explanation: `A slice has at most 20000 ports. (The API documentation says 100, which the API server does not enforce.)`,
  failingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: IPv4
endpoints: []
ports:
  - name: p1 # and so on, 20001 of them
`,
  passingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: IPv4
endpoints: []
ports:
  - {name: p1, port: 80}
`,
  check({ slice }, report) {
    const count = slice.ports?.length ?? 0;
    if (count > MAX_PORTS) report({ field: ['ports'], message: `${count} ports, more than ${MAX_PORTS}` });
  },
};
