import type { FieldPath } from '../../../../model/field-path.ts';
import { checkHandler } from '../../../checks/handler.ts';
import { containersOf, isSidecar } from '../../../checks/pod-containers.ts';
import type * as api from '../../../generated/shapes.js';
import type { PodRule, Report } from '../../../rule.ts';

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
const NUMBERS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

/** validateProbe and its three callers (1.34). */
export const containerProbeValid = {
  code: 'container-probe-valid',
  category: 'api',
  severity: 'error',
  summary: 'a probe that asks in no way, in several, or at odd times',
  explanation: `A probe has one way to ask (exec, httpGet, tcpSocket or grpc), and times that are not negative. Liveness and
startup probes succeed with the first success; only readiness probes may ask for more. Whether a pod is ready decides
whether Services send traffic to it.`,
  check(pod, report) {
    for (const placed of containersOf(pod)) {
      if (placed.list === 'initContainers' && !isSidecar(placed)) continue;
      for (const kind of PROBES) {
        const probe = placed.container[kind];
        if (probe) checkProbe(probe, { kind, path: [...placed.path, kind] }, report);
      }
    }
  },
} as const satisfies PodRule;

function checkProbe(
  probe: api.Probe,
  { kind, path }: { readonly kind: (typeof PROBES)[number]; readonly path: FieldPath },
  report: Report,
): void {
  const { exec, httpGet, tcpSocket, grpc, successThreshold, terminationGracePeriodSeconds: grace } = probe;
  checkHandler({ exec, httpGet, tcpSocket, grpc }, path, report);
  for (const key of NUMBERS) {
    if ((probe[key] ?? 0) < 0) report({ field: [...path, key], message: `${key} ${probe[key]} is negative` });
  }
  const field = [...path, 'terminationGracePeriodSeconds'];
  if (kind === 'readinessProbe') {
    if (typeof grace === 'number')
      report({ field, message: 'a readinessProbe ends no container, so it has no grace period' });
    return;
  }
  if (typeof grace === 'number' && grace <= 0)
    report({ field, message: `terminationGracePeriodSeconds ${grace} is not positive` });
  if ((successThreshold || 1) === 1) return;
  report({
    field: [...path, 'successThreshold'],
    message: `successThreshold ${successThreshold} of a ${kind} must be 1`,
  });
}
