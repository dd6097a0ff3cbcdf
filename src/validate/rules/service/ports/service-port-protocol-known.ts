import { PROTOCOLS } from '../../../../kubernetes/protocols.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** validateServicePort (1.34). */
export const servicePortProtocolKnown = {
  code: 'service-port-protocol-known',
  category: 'api',
  severity: 'error',
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
