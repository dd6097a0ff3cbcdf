import { PROTOCOLS } from '../../../kubernetes/protocols.ts';
import { containersOf } from '../../checks/pod-containers.ts';
import { suggestion } from '../../checks/suggestion.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainerPorts (1.34); empty means TCP. */
export const containerPortProtocolKnown = {
  code: 'container-port-protocol-known',
  category: 'api',
  severity: 'error',
  summary: 'a container port with a protocol other than TCP, UDP and SCTP',
  explanation: `The protocol of a port is TCP, UDP or SCTP, in upper case; left out it is TCP.`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      for (const [index, port] of (container.ports ?? []).entries()) {
        if (!port?.protocol || PROTOCOLS.includes(port.protocol)) continue;
        const message = `protocol ${quoteValue(port.protocol)} is none of ${PROTOCOLS.join(', ')}`;
        report({
          field: [...path, 'ports', index, 'protocol'],
          message,
          ...suggestion(port.protocol, PROTOCOLS),
        });
      }
    }
  },
} as const satisfies PodRule;
