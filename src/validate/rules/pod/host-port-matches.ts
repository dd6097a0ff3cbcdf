import { containersOf } from '../../checks/pod-containers.ts';
import type { PodRule } from '../../rule.ts';

/** validatePodHostNetworkDeps (1.34), which looks at containers only. */
export const hostPortMatches = {
  code: 'host-port-matches',
  category: 'api',
  severity: 'error',
  summary: 'a hostPort that is not the containerPort, with hostNetwork',
  explanation: `With hostNetwork a container listens on the node itself, so its hostPort is its containerPort: another
number cannot be had.`,
  check(pod, report) {
    if (pod.spec.hostNetwork !== true) return;
    for (const { container, list, path } of containersOf(pod)) {
      if (list !== 'containers') continue;
      for (const [index, port] of (container.ports ?? []).entries()) {
        if (!port?.hostPort || port.hostPort === port.containerPort) continue;
        report({
          field: [...path, 'ports', index, 'hostPort'],
          message: `hostPort ${port.hostPort} is not containerPort ${port.containerPort ?? 0}, but hostNetwork is true`,
          hint: 'leave hostPort out',
        });
      }
    }
  },
} as const satisfies PodRule;
