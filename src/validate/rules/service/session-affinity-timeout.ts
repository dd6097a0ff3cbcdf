import type { ServiceRule } from '../../rule.ts';

const MAX_SECONDS = 86400;

/** validateAffinityTimeout (1.34). */
export const sessionAffinityTimeout = {
  code: 'session-affinity-timeout',
  category: 'api',
  severity: 'error',
  summary: 'an affinity timeout outside 1-86400 seconds',
  explanation: `How long a client stays with its endpoint is at least a second and at most a day (86400 seconds); left out
it is three hours. With sessionAffinity None the setting is ignored.`,
  check({ sessionAffinitySeconds: seconds }, report) {
    if (seconds === undefined || (seconds > 0 && seconds <= MAX_SECONDS)) return;
    report({
      field: ['spec', 'sessionAffinityConfig', 'clientIP', 'timeoutSeconds'],
      message: `timeoutSeconds ${seconds} is outside 1-${MAX_SECONDS}`,
    });
  },
} as const satisfies ServiceRule;
