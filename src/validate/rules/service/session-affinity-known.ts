import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateService (1.34). */
export const sessionAffinityKnown = {
  code: 'session-affinity-known',
  category: 'api',
  severity: 'error',
  summary: 'a sessionAffinity other than ClientIP and None',
  explanation: `spec.sessionAffinity is ClientIP (connections of one client go to one endpoint) or None. There is no
affinity by cookie: a Service does not look into HTTP.`,
  check({ sessionAffinity }, report) {
    if (sessionAffinity === 'None' || sessionAffinity === 'ClientIP') return;
    report({
      field: ['spec', 'sessionAffinity'],
      message: `sessionAffinity ${quoteValue(sessionAffinity)} is neither ClientIP nor None`,
      ...suggestion(sessionAffinity, ['ClientIP', 'None']),
    });
  },
} as const satisfies ServiceRule;
