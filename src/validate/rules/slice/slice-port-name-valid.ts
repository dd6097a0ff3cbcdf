import { labelHint } from '../../checks/label-hint.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.34). */
export const slicePortNameValid: EndpointSliceRule = {
  code: 'slice-port-name-valid',
  severity: 'error',
  skipsPlain: true,
  explanation: `The name of a slice's port is that of the Service's port which it serves: a DNS label of lower case
letters, digits and '-', at most 63 characters, or empty for a Service with one unnamed port.`,
  failingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: IPv4
endpoints: []
ports:
  - {name: "http -j ACCEPT", port: 80}
`,
  passingExample: `apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: web-1
addressType: IPv4
endpoints: []
ports:
  - {name: "", port: 80}
`,
  check({ ports }, report) {
    ports.forEach((port, index) => {
      const problem = port?.name ? dnsLabelProblem(port.name) : undefined;
      if (!port?.name || problem === undefined) return;
      report({
        field: ['ports', index, 'name'],
        message: `port name ${quoteValue(port.name)} ${problem}`,
        ...labelHint(port.name),
      });
    });
  },
};
