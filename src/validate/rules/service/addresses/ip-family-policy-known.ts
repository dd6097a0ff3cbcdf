import { suggestion } from '../../../checks/suggestion.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

const POLICIES = ['SingleStack', 'PreferDualStack', 'RequireDualStack'];

/** ValidateServiceClusterIPsRelatedFields (1.34); the empty string is no policy either. */
export const ipFamilyPolicyKnown = {
  code: 'ip-family-policy-known',
  category: 'api',
  severity: 'error',
  summary: 'an ipFamilyPolicy that does not exist',
  explanation: `ipFamilyPolicy is SingleStack, PreferDualStack or RequireDualStack, or left out (SingleStack).`,
  check({ type, ipFamilyPolicy }, report) {
    if (type === 'ExternalName' || ipFamilyPolicy === undefined || POLICIES.includes(ipFamilyPolicy)) return;
    report({
      field: ['spec', 'ipFamilyPolicy'],
      message: `ipFamilyPolicy ${quoteValue(ipFamilyPolicy)} is none of ${POLICIES.join(', ')}`,
      ...suggestion(ipFamilyPolicy, POLICIES),
    });
  },
} as const satisfies ServiceRule;
