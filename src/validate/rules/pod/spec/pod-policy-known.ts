import { suggestion } from '../../../checks/suggestion.ts';
import type { PodRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const POLICIES = {
  restartPolicy: ['Always', 'OnFailure', 'Never'],
  dnsPolicy: ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
} as const;
const PREEMPTION = ['PreemptLowerPriority', 'Never'];

/** validateRestartPolicy, validateDNSPolicy, ValidatePreemptionPolicy (1.34); empty means the default of the first two. */
export const podPolicyKnown = {
  code: 'pod-policy-known',
  category: 'api',
  severity: 'error',
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
      const known: readonly string[] = POLICIES[key];
      if (policy && !known.includes(policy)) refuse(key, policy, known);
    }
    const { preemptionPolicy } = spec;
    if (preemptionPolicy === undefined || preemptionPolicy === null || PREEMPTION.includes(preemptionPolicy))
      return;
    refuse('preemptionPolicy', preemptionPolicy, PREEMPTION);
  },
} as const satisfies PodRule;
