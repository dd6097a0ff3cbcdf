import { containersOf } from '../../../checks/pod-containers.ts';
import { suggestion } from '../../../checks/suggestion.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const POLICIES = {
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
  summary: 'a policy of a container that does not exist',
  explanation: `imagePullPolicy is Always, IfNotPresent or Never; terminationMessagePolicy is File or FallbackToLogsOnError;
resizePolicy says for cpu and memory whether a change restarts the container.`,
  check(pod, report) {
    for (const { container, path } of containersOf(pod)) {
      for (const key of ['imagePullPolicy', 'terminationMessagePolicy'] as const) {
        const policy = container[key];
        const known: readonly string[] = POLICIES[key];
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
