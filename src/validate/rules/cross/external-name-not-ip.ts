import { parseIP } from '../../../model/ip.ts';
import type { ServiceRule } from '../../rule.ts';

/** The API server takes any RFC 1123 name, of which 192.0.2.45 is one; DNS answers with a CNAME to it. */
export const externalNameNotIP = {
  code: 'external-name-not-ip',
  category: 'cross',
  severity: 'warning',
  summary: 'an externalName that is an IP address',
  explanation: `A Service of type ExternalName is an alias in DNS, a CNAME record. A name that looks like an IP address is
taken for a name all the same: resolvers ask for a domain called "192.0.2.45", which does not exist. For an address there
are Services without selector, with an EndpointSlice or Endpoints that holds it.`,
  check({ type, externalName }, report) {
    if (type !== 'ExternalName' || parseIP(externalName.replace(/\.$/, '')) === undefined) return;
    report({
      field: ['spec', 'externalName'],
      message: `externalName "${externalName}" is looked up as a name, although it is an IP address`,
      hint: 'use a Service without selector, and an EndpointSlice that holds the address',
    });
  },
} as const satisfies ServiceRule;
