import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { labelHint } from '../../checks/label-hint.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { MAX_PORTS } from '../../defaults/endpoint-slice.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import { isPortNumber } from '../../formats/port.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validatePorts (pkg/apis/discovery/validation, 1.34). */
export const sliceAppProtocolValid = {
  code: 'slice-app-protocol-valid',
  category: 'api',
  severity: 'error',
  summary: 'an appProtocol in a slice that is no qualified name',
  skipsPlain: true,
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check({ ports }, report) {
    ports.forEach((port, index) => {
      const appProtocol = port?.appProtocol;
      if (appProtocol === undefined || appProtocol === null) return;
      const problem = qualifiedNameProblem(appProtocol);
      if (problem === undefined) return;
      report({
        field: ['ports', index, 'appProtocol'],
        message: `appProtocol ${quoteValue(appProtocol)} ${problem}`,
      });
    });
  },
} as const satisfies EndpointSliceRule;

/** Nothing upstream: the API server takes any number, and kube-proxy writes it into its rules. */
export const slicePortInRange = {
  code: 'slice-port-in-range',
  category: 'node',
  severity: 'error',
  summary: 'a port of a slice outside 1-65535',
  skipsPlain: true,
  explanation: `The API server does not check the port numbers of slices, but a node can only send packets to ports from 1
to 65535: iptables-restore would refuse the rule, and with it all others.`,
  check({ ports }, report) {
    ports.forEach((entry, index) => {
      const port = entry?.port;
      if (port === undefined || port === null || isPortNumber(port)) return;
      report({ field: ['ports', index, 'port'], message: `port ${port} is outside 1-65535` });
    });
  },
} as const satisfies EndpointSliceRule;

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

/** validatePorts (pkg/apis/discovery/validation, 1.34). */
export const slicePortNameValid = {
  code: 'slice-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a port name in a slice that is no DNS label',
  skipsPlain: true,
  explanation: `The name of a slice's port is that of the Service's port which it serves: a DNS label of lower case
letters, digits and '-', at most 63 characters, or empty for a Service with one unnamed port.`,
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
} as const satisfies EndpointSliceRule;

/** validatePorts (pkg/apis/discovery/validation, 1.34). An empty protocol is refused, unlike a missing one. */
export const slicePortProtocolKnown = {
  code: 'slice-port-protocol-known',
  category: 'api',
  severity: 'error',
  summary: 'a port of a slice with a protocol other than TCP, UDP and SCTP',
  skipsPlain: true,
  explanation: `The protocol of a port is TCP, UDP or SCTP, in upper case; left out it is TCP.`,
  check({ ports }, report) {
    ports.forEach((port, index) => {
      const protocol = port?.protocol ?? 'TCP';
      if (PROTOCOLS.includes(protocol)) return;
      const message = `protocol ${quoteValue(protocol)} is none of ${PROTOCOLS.join(', ')}`;
      report({ field: ['ports', index, 'protocol'], message, ...suggestion(protocol, PROTOCOLS) });
    });
  },
} as const satisfies EndpointSliceRule;

/** Nothing upstream: kube-proxy logs such ports, and crashes on some of them. */
export const slicePortWithoutNumber = {
  code: 'slice-port-without-number',
  category: 'node',
  severity: 'warning',
  summary: 'a port of a slice without a number, which is left out',
  skipsPlain: true,
  explanation: `A slice port without a number means "all ports", which some gateways understand and no node can program:
svcgen leaves it out of the rules.`,
  check({ ports }, report) {
    ports.forEach((entry, index) => {
      if (entry?.port !== undefined && entry.port !== null) return;
      report({
        field: ['ports', index, 'port'],
        message: 'a port without a number is left out of the rules',
      });
    });
  },
} as const satisfies EndpointSliceRule;

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
