import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { suggestion } from '../../checks/suggestion.ts';
import type { EndpointSliceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

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
