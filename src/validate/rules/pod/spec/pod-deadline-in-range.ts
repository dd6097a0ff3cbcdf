import type { PodRule } from '../../../rule.ts';

const MAX_SECONDS = 2 ** 31 - 1;

/** ValidatePodSpec (1.34). */
export const podDeadlineInRange = {
  code: 'pod-deadline-in-range',
  category: 'api',
  severity: 'error',
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
