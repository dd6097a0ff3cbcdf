import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { isHeadless } from '../../../kubernetes/services.ts';
import { labelHint } from '../../checks/label-hint.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { dnsLabelProblem } from '../../formats/dns.ts';
import { isPortNumber, portProblem } from '../../formats/port.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { ServiceRule } from '../../rule.ts';
import { describeValue, quoteValue } from '../../shape/describe-value.ts';

/** validateServicePort (1.34). */
export const serviceAppProtocolValid = {
  code: 'service-app-protocol-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['appProtocol'],
  summary: 'an appProtocol that is no qualified name',
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check({ ports }, report) {
    ports.forEach(({ appProtocol }, index) => {
      const problem = appProtocol === undefined ? undefined : qualifiedNameProblem(appProtocol);
      if (appProtocol === undefined || problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'appProtocol'],
        message: `appProtocol ${quoteValue(appProtocol)} ${problem}`,
      });
    });
  },
} as const satisfies ServiceRule;

/** validateServicePort (1.34); a missing port is 0. */
export const servicePortInRange = {
  code: 'service-port-in-range',
  category: 'api',
  severity: 'error',
  summary: 'a port that is missing or outside 1-65535',
  explanation: `spec.ports[].port is the port that clients of the Service use: 1 to 65535, and never left out. (What the
pods listen on is targetPort, which is the same port when left out.)`,
  check({ ports }, report) {
    ports.forEach(({ port }, index) => {
      if (isPortNumber(port)) return;
      const message = port === 0 ? 'a port number is missing (or 0)' : `port ${port} is outside 1-65535`;
      const hint = 'set it to the port that clients connect to';
      report({ field: ['spec', 'ports', index, 'port'], message, hint });
    });
  },
} as const satisfies ServiceRule;

/** validateServicePort (1.34). */
export const servicePortProtocolKnown = {
  code: 'service-port-protocol-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['protocol'],
  summary: 'a protocol other than TCP, UDP and SCTP',
  explanation: `The protocol of a port is TCP, UDP or SCTP, in upper case; left out it is TCP. What runs above it, such as
HTTP, is told in appProtocol.`,
  check({ ports }, report) {
    ports.forEach(({ protocol }, index) => {
      if (PROTOCOLS.includes(protocol)) return;
      const upper = protocol.trim().toUpperCase();
      report({
        field: ['spec', 'ports', index, 'protocol'],
        message: `protocol ${quoteValue(protocol)} is none of ${PROTOCOLS.join(', ')}`,
        ...(PROTOCOLS.includes(upper) ? { hint: `write ${upper}` } : {}),
      });
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34). */
export const servicePortUnique = {
  code: 'service-port-unique',
  category: 'api',
  severity: 'error',
  summary: 'two entries with one port and protocol',
  explanation: `Two entries of spec.ports with the same port and protocol would be two answers to one question. The same
port with TCP and UDP is fine.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ protocol, port }) => `${port}/${protocol}`,
      toFinding: ({ protocol, port }, index, first) => ({
        field: ['spec', 'ports', index],
        message: `port ${port}/${protocol} is that of spec.ports[${first}] too`,
        hint: 'remove one of the two, or choose another port or protocol',
      }),
      report,
    });
  },
} as const satisfies ServiceRule;

/** ValidateService (1.34). */
export const servicePortsRequired = {
  code: 'service-ports-required',
  category: 'api',
  severity: 'error',
  summary: 'a Service with a cluster IP, but without ports',
  explanation: `A Service with a cluster IP forwards ports, so it has at least one. Only headless Services and
ExternalName, which are mere DNS names, do without.`,
  check(service, report) {
    if (service.ports.length > 0 || isHeadless(service) || service.type === 'ExternalName') return;
    report({
      field: ['spec', 'ports'],
      message: 'a Service needs at least one port',
      hint: 'add spec.ports, or make the Service headless with clusterIP: None',
    });
  },
} as const satisfies ServiceRule;

/** ValidatePortNumOrName (1.34), after defaulting: 0 and "" mean the Service's own port. */
export const targetPortValid = {
  code: 'target-port-valid',
  category: 'api',
  severity: 'error',
  summary: 'a targetPort that is neither a port number nor the name of a container port',
  explanation: `targetPort is what the pods listen on: a number from 1 to 65535, or the name of a container port, which
has at most 15 lower case letters, digits and '-', and a letter among them. A number in quotes is a name, and no valid
one.`,
  check({ ports }, report) {
    ports.forEach(({ targetPort }, index) => {
      const problem = portProblem(targetPort);
      if (problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'targetPort'],
        message: `targetPort ${describeValue(targetPort)} ${problem}`,
        ...(/^[1-9]\d*$/.test(String(targetPort)) && typeof targetPort === 'string'
          ? { hint: `write it without quotes: ${targetPort}` }
          : {}),
      });
    });
  },
} as const satisfies ServiceRule;

/** validateServicePort (1.34). */
export const servicePortNameUnique = {
  code: 'service-port-name-unique',
  category: 'api',
  severity: 'error',
  summary: 'two ports of a Service with one name',
  explanation: `Endpoints and EndpointSlices refer to a Service's ports by name: the same name twice would leave open
which one is meant. TCP and UDP ports need different names too, such as dns and dns-tcp.`,
  check({ ports }, report) {
    reportRepeated(ports, {
      keyOf: ({ name }) => name,
      toFinding: ({ name }, index, first) => ({
        field: ['spec', 'ports', index, 'name'],
        message: `port name ${JSON.stringify(name)} is that of spec.ports[${first}] too`,
        hint: 'give every port a name of its own',
      }),
      report,
    });
  },
} as const satisfies ServiceRule;

/** validateServicePort (1.34): a DNS label, not the 15 characters of container port names. */
export const servicePortNameValid = {
  code: 'service-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a port name that is no DNS label',
  explanation: `The name of a Service's port is part of its SRV record in DNS (_http._tcp.web.shop.svc.cluster.local),
so it is a DNS label: lower case letters, digits and '-', at most 63 characters. kube-proxy also writes it into the
comments of its rules.`,
  check({ ports }, report) {
    ports.forEach(({ name }, index) => {
      const problem = name === '' ? undefined : dnsLabelProblem(name);
      if (problem === undefined) return;
      report({
        field: ['spec', 'ports', index, 'name'],
        message: `port name ${quoteValue(name)} ${problem}`,
        ...labelHint(name),
      });
    });
  },
} as const satisfies ServiceRule;

/** validateServicePort (1.34). */
export const servicePortNamed = {
  code: 'service-port-named',
  category: 'api',
  severity: 'error',
  summary: 'an unnamed port beside others',
  explanation: `With more than one port, all of them need names: Endpoints and EndpointSlices refer to a Service's ports
by name.`,
  check({ ports }, report) {
    if (ports.length < 2) return;
    ports.forEach(({ name, port }, index) => {
      if (name !== '') return;
      report({
        field: ['spec', 'ports', index, 'name'],
        message: `port ${port} has no name, but there are ${ports.length} ports`,
        hint: 'give every port a name',
      });
    });
  },
} as const satisfies ServiceRule;

/** Strategic merge key of spec.ports is the number alone (k8s.io/api/core/v1, kubernetes/kubernetes#105610). */
export const servicePortsApply = {
  code: 'service-ports-apply',
  category: 'cross',
  severity: 'info',
  summary: 'one port number for two protocols, which kubectl apply mixes up when it changes',
  explanation: `kubectl apply, client-side, tells the ports of a Service by their number alone. Two ports of one number, for TCP
and UDP, are created well, but a later change of one of them may be lost or end up in the other. Server-side apply tells
them by number and protocol.`,
  check({ ports }, report) {
    const seen = new Map<number, { readonly first: number; readonly protocol: string }>();
    for (const [index, { port, protocol }] of ports.entries()) {
      const before = seen.get(port);
      if (before === undefined) seen.set(port, { first: index, protocol });
      if (before === undefined || before.protocol === protocol) continue;
      report({
        field: ['spec', 'ports', index, 'port'],
        message: `port ${port} is that of ports[${before.first}] too, with another protocol`,
        hint: 'use kubectl apply --server-side for this Service',
      });
    }
  },
} as const satisfies ServiceRule;

/** Endpoints of such a Service say their ports themselves. */
export const targetPortHasSelector = {
  code: 'target-port-has-selector',
  category: 'cross',
  severity: 'info',
  onlyWith: ['targetPort'],
  summary: 'a targetPort on a Service without selector',
  explanation: `targetPort says at which port of pods the controllers find the server. A Service without selector has no pods:
its EndpointSlices or Endpoints are written by somebody else, and their ports count, whatever targetPort says.`,
  check({ type, selector, ports }, report) {
    if (type === 'ExternalName' || Object.keys(selector).length > 0) return;
    for (const [index, { port, targetPort }] of ports.entries()) {
      if (targetPort === port) continue;
      report({
        field: ['spec', 'ports', index, 'targetPort'],
        message: `targetPort ${quoteValue(String(targetPort))} has no effect without a selector`,
        hint: 'write the port into the EndpointSlice',
      });
    }
  },
} as const satisfies ServiceRule;
