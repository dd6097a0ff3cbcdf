import type { ApiFacts } from '../../../../model/kubernetes-version.ts';
import { isSidecar, type PlacedContainer } from '../../../checks/pod-containers.ts';
import { suggestion } from '../../../checks/suggestion.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const POD_POLICIES = {
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  dnsPolicy: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
} as const;
const PREEMPTION = ['PreemptLowerPriority', 'Never'];

/** validateRestartPolicy, validateDNSPolicy, ValidatePreemptionPolicy (1.34); empty means the default of the first two. */
export const podPolicyKnown = {
  code: 'pod-policy-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['restartPolicy', 'dnsPolicy', 'preemptionPolicy'],
  summary: 'a policy of a pod that does not exist',
  explanation: `restartPolicy is Always, OnFailure or Never; dnsPolicy is ClusterFirst, ClusterFirstWithHostNet, Default or
None; preemptionPolicy is PreemptLowerPriority or Never; all spelled exactly so.`,
  check({ spec, path }, report) {
    const refuse = (key: string, policy: string, known: readonly string[]) =>
      report({
        field: [...path, key],
        message: `${key} ${quoteValue(policy)} is none of ${known.join(', ')}`,
        ...suggestion(policy, known),
      });
    for (const key of ['restartPolicy', 'dnsPolicy'] as const) {
      const policy = spec[key];
      const known: readonly string[] = POD_POLICIES[key];
      if (policy && !known.includes(policy)) refuse(key, policy, known);
    }
    const { preemptionPolicy } = spec;
    if (preemptionPolicy === undefined || preemptionPolicy === null || PREEMPTION.includes(preemptionPolicy))
      return;
    refuse('preemptionPolicy', preemptionPolicy, PREEMPTION);
  },
} as const satisfies PodRule;

const CONTAINER_POLICIES = {
  imagePullPolicy: ['Always', 'IfNotPresent', 'Never'],
  terminationMessagePolicy: ['File', 'FallbackToLogsOnError'],
} as const;
const RESIZED = ['cpu', 'memory'];
const RESIZE_POLICIES = ['NotRequired', 'RestartContainer'];

/** validateContainerCommon and validateResizePolicy (1.34); empty means the default. */
export const containerPolicyKnown = {
  code: 'container-policy-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['imagePullPolicy', 'terminationMessagePolicy', 'resizePolicy'],
  summary: 'a policy of a container that does not exist',
  explanation: `imagePullPolicy is Always, IfNotPresent or Never; terminationMessagePolicy is File or FallbackToLogsOnError;
resizePolicy says for cpu and memory whether a change restarts the container.`,
  check(pod, report) {
    for (const { container, path } of pod.containers) {
      for (const key of ['imagePullPolicy', 'terminationMessagePolicy'] as const) {
        const policy = container[key];
        const known: readonly string[] = CONTAINER_POLICIES[key];
        if (!policy || known.includes(policy)) continue;
        report({
          field: [...path, key],
          message: `${key} ${quoteValue(policy)} is none of ${known.join(', ')}`,
          ...suggestion(policy, known),
        });
      }
      const seen = new Set<string>();
      for (const [index, entry] of (container.resizePolicy ?? []).entries()) {
        const { resourceName: name, restartPolicy: policy } = {
          resourceName: entry?.resourceName ?? '',
          restartPolicy: entry?.restartPolicy ?? '',
        };
        const field = [...path, 'resizePolicy'];
        const place = [...field, index];
        if (seen.has(name))
          report({ field: place, message: `resizePolicy of ${quoteValue(name)} is set twice` });
        seen.add(name);
        if (!RESIZED.includes(name))
          report({ field, place, message: `resource ${quoteValue(name)} is neither cpu nor memory` });
        const isKnown = RESIZE_POLICIES.includes(policy);
        if (!isKnown)
          report({
            field,
            place,
            message: `restartPolicy ${quoteValue(policy)} is none of ${RESIZE_POLICIES.join(', ')}`,
          });
        if (pod.spec.restartPolicy === 'Never' && policy !== 'NotRequired') {
          report({
            field,
            place,
            message: 'the pod is never restarted, so its resizePolicy has to be NotRequired',
          });
        }
      }
    }
  },
} as const satisfies PodRule;

const MAX_SECONDS = 2 ** 31 - 1;

/** ValidatePodSpec (1.34). */
export const podDeadlineInRange = {
  code: 'pod-deadline-in-range',
  category: 'api',
  severity: 'error',
  onlyWith: ['activeDeadlineSeconds'],
  summary: 'an activeDeadlineSeconds that is not positive',
  explanation: `activeDeadlineSeconds says after how many seconds a pod is ended: at least one.`,
  check({ spec, path }, report) {
    const seconds = spec.activeDeadlineSeconds;
    if (seconds === undefined || seconds === null || (seconds >= 1 && seconds <= MAX_SECONDS)) return;
    report({
      field: [...path, 'activeDeadlineSeconds'],
      message: `activeDeadlineSeconds ${seconds} is outside 1-${MAX_SECONDS}`,
    });
  },
} as const satisfies PodRule;

const RESTART_POLICIES: readonly string[] = ['Always', 'OnFailure', 'Never'];
const NOT_FOR_INIT = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/**
 * validateInitContainers and validateContainers (1.30 to 1.36). The gate ContainerRestartRules gives every container a
 * restartPolicy: in 1.34 it is there, and off, so that what plain containers have is dropped; since 1.35 it is on.
 */
export const initContainerFields = {
  code: 'init-container-fields',
  category: 'api',
  severity: 'error',
  onlyWith: ['restartPolicy', 'initContainers'],
  summary: 'probes of an init container, or a restartPolicy where none belongs',
  explanation: `An init container runs to its end before the others start, so it has no probes and no lifecycle hooks,
unless it is a sidecar: restartPolicy Always. Up to Kubernetes 1.34 that is the only value there is, and up to 1.33 other
containers have no restartPolicy of their own.`,
  check(pod, report, { options }) {
    const { containerRestartPolicy } = options.kubernetes.api;
    for (const placed of pod.containers) {
      const { container, list, path } = placed;
      const problem = restartPolicyProblem(placed, containerRestartPolicy);
      if (problem !== undefined) report({ field: [...path, 'restartPolicy'], message: problem });
      if (list === 'containers' || isSidecar(placed)) continue;
      for (const key of NOT_FOR_INIT) {
        if (!container[key]) continue;
        report({
          field: [...path, key],
          message: `${key} of an init container`,
          hint: 'set restartPolicy: Always to make it a sidecar',
        });
      }
    }
  },
} as const satisfies PodRule;

function restartPolicyProblem(
  { container: { restartPolicy }, list }: PlacedContainer,
  treatment: ApiFacts['containerRestartPolicy'],
): string | undefined {
  if (restartPolicy === undefined || restartPolicy === null) return undefined;
  const shown = `restartPolicy ${quoteValue(restartPolicy)}`;
  if (treatment === 'kept') {
    return RESTART_POLICIES.includes(restartPolicy)
      ? undefined
      : `${shown} is none of ${RESTART_POLICIES.join(', ')}`;
  }
  if (list === 'initContainers') return restartPolicy === 'Always' ? undefined : `${shown} is not Always`;
  return treatment === 'refused' ? 'restartPolicy is for init containers, or for the whole pod' : undefined;
}
