import { containersOf } from '../../checks/pod-containers.ts';
import { reportRepeated } from '../../checks/repeated.ts';
import { portNameProblem } from '../../formats/port.ts';
import type { PodRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateContainerPorts (1.34): names are unique within a container. */
export const containerPortNameValid = {
  code: 'container-port-name-valid',
  category: 'api',
  severity: 'error',
  summary: 'a container port name that is no service name, or repeated',
  explanation: `The name of a container port is an IANA service name: at most 15 lower case letters, digits and '-', with a
letter among them. Services refer to it with targetPort, so within a container each name stands once.`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      const ports = container.ports ?? [];
      for (const [index, port] of ports.entries()) {
        const problem = port?.name ? portNameProblem(port.name) : undefined;
        if (!port?.name || problem === undefined) continue;
        report({
          field: [...path, 'ports', index, 'name'],
          message: `port name ${quoteValue(port.name)} ${problem}`,
        });
      }
      reportRepeated(ports, {
        keyOf: (port) => port?.name ?? '',
        toFinding: (port, index, first) => ({
          field: [...path, 'ports', index, 'name'],
          message: `port name ${quoteValue(port?.name ?? '')} is that of ports[${first}] too`,
        }),
        report,
      });
    }
  },
} as const satisfies PodRule;
