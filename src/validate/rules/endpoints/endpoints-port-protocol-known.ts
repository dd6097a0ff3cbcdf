import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { visitPorts } from '../../checks/endpoints-address.ts';
import { suggestion } from '../../checks/suggestion.ts';
import type { EndpointsRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

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
