import { parseIP } from '../../../model/ip.ts';
import { visitAddresses } from '../../checks/endpoints-address.ts';
import { specialAddressName } from '../../formats/address.ts';
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
