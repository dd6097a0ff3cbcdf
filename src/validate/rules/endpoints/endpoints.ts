import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { parseIP } from '../../../model/ip.ts';
import { visitAddresses, visitPorts } from '../../checks/endpoints-address.ts';
import { labelHint } from '../../checks/label-hint.ts';
import { suggestion } from '../../checks/suggestion.ts';
import { specialAddressName } from '../../formats/address.ts';
import { dnsLabelProblem, dnsSubdomainProblem } from '../../formats/dns.ts';
import { isPortNumber } from '../../formats/port.ts';
import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateEndpointAddress (1.34). */
export const endpointsAddressValid = {
  code: 'endpoints-address-valid',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint that is no IP address, or a special one',
  explanation: `An endpoint is an IP address, not a host name. Loopback and link-local addresses, link-local multicast,
0.0.0.0 and :: are refused: on every node they would mean something else, and traffic could reach what is not meant to
be reached.`,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ ip: text }, pathOf) => {
      const ip = parseIP(text ?? '')?.ip;
      const special = ip === undefined ? undefined : specialAddressName(ip);
      if (ip === undefined) {
        const message = text ? `${quoteValue(text)} is not an IP address` : 'an endpoint needs an ip';
        const hint = 'write an address; a Service of type ExternalName takes names';
        report({ field: pathOf('ip'), message, hint });
      } else if (special !== undefined) {
        const message = `endpoint address ${quoteValue(text ?? '')} is ${special}`;
        report({
          field: pathOf('ip'),
          message,
          hint: 'write the address at which other machines reach the server',
        });
      }
    });
  },
} as const satisfies EndpointsRule;

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

/** validateEndpointAddress (1.34); empty means none. */
export const endpointsHostnameValid = {
  code: 'endpoints-hostname-valid',
  category: 'api',
  severity: 'error',
  summary: 'a hostname of an endpoint that is no DNS label',
  explanation: `The hostname of an endpoint becomes a DNS name in front of the Service's (db-0.database.shop.svc...), so it
is a DNS label: lower case letters, digits and '-', no dots.`,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ hostname }, pathOf) => {
      const problem = hostname ? dnsLabelProblem(hostname) : undefined;
      if (!hostname || problem === undefined) return;
      report({ field: pathOf('hostname'), message: `hostname ${quoteValue(hostname)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointAddress (1.34); an empty name is refused too. */
export const endpointsNodeNameValid = {
  code: 'endpoints-node-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a nodeName of an endpoint that no Node can have',
  explanation: `nodeName says on which node an endpoint runs, by the name of the Node object: lower case letters, digits,
'-' and '.'. Leave it out when it is not known.`,
  check(endpoints, report) {
    visitAddresses(endpoints, ({ nodeName }, pathOf) => {
      if (nodeName === null || nodeName === undefined) return;
      const problem = dnsSubdomainProblem(nodeName);
      if (problem === undefined) return;
      report({ field: pathOf('nodeName'), message: `nodeName ${quoteValue(nodeName)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointPort (1.34). */
export const endpointsAppProtocolValid = {
  code: 'endpoints-app-protocol-valid',
  category: 'api',
  severity: 'error',
  summary: 'an appProtocol of an endpoint port that is no qualified name',
  explanation: `appProtocol names what runs on the port: an IANA service name such as https, or a name with a DNS prefix
such as kubernetes.io/h2c.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ appProtocol }, pathOf) => {
      if (appProtocol === null || appProtocol === undefined) return;
      const problem = qualifiedNameProblem(appProtocol);
      if (problem === undefined) return;
      report({ field: pathOf('appProtocol'), message: `appProtocol ${quoteValue(appProtocol)} ${problem}` });
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointPort (1.34). */
export const endpointsPortInRange = {
  code: 'endpoints-port-in-range',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint port that is missing or outside 1-65535',
  explanation: `The port of an endpoint is a number from 1 to 65535, and never left out.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ port }, pathOf) => {
      if (isPortNumber(port ?? 0)) return;
      const message = port ? `port ${port} is outside 1-65535` : 'a port number is missing (or 0)';
      report({ field: pathOf('port'), message });
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointPort (1.34). */
export const endpointsPortNameValid = {
  code: 'endpoints-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint port name that is no DNS label',
  explanation: `The name of an endpoint port is that of the Service's port which it serves, so it is a DNS label as well:
lower case letters, digits and '-', at most 63 characters.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ name }, pathOf) => {
      const problem = name ? dnsLabelProblem(name) : undefined;
      if (name && problem !== undefined) {
        report({
          field: pathOf('name'),
          message: `port name ${quoteValue(name)} ${problem}`,
          ...labelHint(name),
        });
      }
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointPort (1.34). */
export const endpointsPortNamed = {
  code: 'endpoints-port-named',
  category: 'api',
  severity: 'error',
  summary: 'an unnamed endpoint port beside others',
  explanation: `With more than one port in a subset, all of them need names: they are matched with the Service's ports by
name.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ name, port }, pathOf, count) => {
      if (name || count < 2) return;
      report({
        field: pathOf('name'),
        message: `port ${port ?? 0} has no name, but the subset has ${count} ports`,
        hint: 'give every port the name of its Service port',
      });
    });
  },
} as const satisfies EndpointsRule;

/** validateEndpointPort (1.34). */
export const endpointsPortProtocolKnown = {
  code: 'endpoints-port-protocol-known',
  category: 'api',
  severity: 'error',
  summary: 'an endpoint port with a protocol other than TCP, UDP and SCTP',
  explanation: `The protocol of a port is TCP, UDP or SCTP, in upper case; left out it is TCP.`,
  check(endpoints, report) {
    visitPorts(endpoints, ({ protocol }, pathOf) => {
      if (!protocol || PROTOCOLS.includes(protocol)) return;
      const message = `protocol ${quoteValue(protocol)} is none of ${PROTOCOLS.join(', ')}`;
      report({ field: pathOf('protocol'), message, ...suggestion(protocol, PROTOCOLS) });
    });
  },
} as const satisfies EndpointsRule;
