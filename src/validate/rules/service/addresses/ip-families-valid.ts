import { suggestion } from '../../../checks/suggestion.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const ipFamiliesValid = {
  code: 'ip-families-valid',
  category: 'api',
  severity: 'error',
  summary: 'an unknown or repeated IP family',
  explanation: `ipFamilies lists IPv4, IPv6, or both in the order of preference, each once.`,
  check({ type, ipFamilies }, report) {
    if (type === 'ExternalName') return;
    const seen = new Set<string>();
    ipFamilies.forEach((family, index) => {
      const field = ['spec', 'ipFamilies', index];
      if (family !== 'IPv4' && family !== 'IPv6') {
        report({
          field,
          message: `${quoteValue(family)} is neither IPv4 nor IPv6`,
          ...suggestion(family, ['IPv4', 'IPv6']),
        });
      }
      if (seen.has(family)) report({ field, message: `${quoteValue(family)} is listed twice` });
      seen.add(family);
    });
  },
} as const satisfies ServiceRule;
