import { containersOf } from '../../checks/pod-containers.ts';
import { isPortNumber } from '../../formats/port.ts';
import type { PodRule } from '../../rule.ts';

/** validateContainerPorts (1.34). */
export const containerPortInRange = {
  code: 'container-port-in-range',
  category: 'api',
  severity: 'error',
  summary: 'a container port that is missing or outside 1-65535',
  explanation: `containerPort is a number from 1 to 65535 and never left out; hostPort is one, or left out.`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      for (const [index, port] of (container.ports ?? []).entries()) {
        const containerPort = port?.containerPort ?? 0;
        const hostPort = port?.hostPort ?? 0;
        if (!isPortNumber(containerPort)) {
          const message =
            containerPort === 0
              ? 'a container port is missing (or 0)'
              : `port ${containerPort} is outside 1-65535`;
          report({ field: [...path, 'ports', index, 'containerPort'], message });
        }
        if (hostPort === 0 || isPortNumber(hostPort)) continue;
        report({
          field: [...path, 'ports', index, 'hostPort'],
          message: `port ${hostPort} is outside 1-65535`,
        });
      }
    }
  },
} as const satisfies PodRule;
