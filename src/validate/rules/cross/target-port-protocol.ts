import { labelOf } from '../../diagnose.ts';
import { quoteValue } from '../../shape/describe-value.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { targetPortField } from './view/named-target-ports.ts';
import { type Candidate, containerPortsOf, kindOf, podPathOf } from './view/pod-selection.ts';

/** FindPort (pkg/api/v1/pod, 1.34) compares name and protocol. */
export const targetPortProtocol = {
  code: 'target-port-protocol',
  category: 'cross',
  severity: 'warning',
  summary: 'a named targetPort that pods define for another protocol',
  explanation: `A targetPort that is a name stands for the container port with that name and with the protocol of the Service
port. A container port of the name but with another protocol does not count, so such pods get no connections. The
protocol is TCP where none is given, in both places.`,
  *check(_, { view }) {
    for (const { service, index, port, targetPort, pods } of view.namedTargetPorts) {
      const first = pods.otherProtocol;
      if (first === undefined) continue;
      const protocols = protocolsOf(first, targetPort);
      yield {
        kind: 'Service',
        object: service,
        field: targetPortField(index),
        message: `targetPort ${quoteValue(targetPort)} is a ${port.protocol} port, but ${labelOf(kindOf(first), first)} defines it for ${protocols}`,
        hint: 'give both the same protocol (TCP when left out)',
        related: [
          {
            kind: kindOf(first),
            object: first,
            field: [...podPathOf(first), 'spec', 'containers', 0, 'ports'],
            message: `container port ${quoteValue(targetPort)} (${protocols})`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;

function protocolsOf(candidate: Candidate, name: string): string {
  const ports = containerPortsOf(candidate).filter((port) => port.name === name);
  return [...new Set(ports.map(({ protocol }) => protocol))].join(' and ');
}
