import { checkHandler } from '../../../checks/handler.ts';
import { containersOf, isSidecar } from '../../../checks/pod-containers.ts';
import type { PodRule } from '../../../rule.ts';

const DEFAULT_GRACE_SECONDS = 30;

/** validateLifecycle (1.34); sleeping no time at all is allowed since 1.33. */
export const containerLifecycleValid = {
  code: 'container-lifecycle-valid',
  category: 'api',
  severity: 'error',
  summary: 'a lifecycle hook that does nothing, or several things',
  explanation: `A lifecycle hook, postStart or preStop, does one thing: exec, httpGet, tcpSocket or sleep. It cannot sleep
longer than the pod has time to end.`,
  check(pod, report, { options }) {
    const least = options.kubernetes.api.allowsZeroSleep ? 0 : 1;
    const grace = pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
    for (const placed of containersOf(pod)) {
      if (placed.list === 'initContainers' && !isSidecar(placed)) continue;
      for (const hook of ['postStart', 'preStop'] as const) {
        const handler = placed.container.lifecycle?.[hook];
        if (!handler) continue;
        const { exec, httpGet, tcpSocket, sleep } = handler;
        const path = [...placed.path, 'lifecycle', hook];
        checkHandler({ exec, httpGet, tcpSocket, sleep }, path, report);
        const seconds = sleep?.seconds ?? 0;
        if (!sleep || exec || httpGet || tcpSocket || (seconds >= least && seconds <= grace)) continue;
        report({
          field: [...path, 'sleep'],
          message: `sleeps ${seconds} seconds, but the pod has ${grace} to end`,
        });
      }
    }
  },
} as const satisfies PodRule;
