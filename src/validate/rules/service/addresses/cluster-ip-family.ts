import { isHeadless } from '../../../../kubernetes/services.ts';
import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const clusterIPFamily = {
  code: 'cluster-ip-family',
  category: 'api',
  severity: 'error',
  summary: 'a clusterIP of another family than ipFamilies says',
  explanation: `ipFamilies says which family each of clusterIPs has, in the same order: an address of the other family
contradicts it.`,
  check(service, report) {
    const { type, clusterIP, clusterIPs, clusterAddresses, ipFamilies } = service;
    if (type === 'ExternalName' || ipFamilies.length === 0 || isHeadless(service)) return;
    clusterIPs.forEach((ip, index) => {
      const wanted = ipFamilies[index];
      const family = clusterAddresses[index]?.family;
      if (family === undefined || family === wanted || (wanted !== 'IPv4' && wanted !== 'IPv6')) return;
      const field = ['spec', 'clusterIPs', index];
      const place = index === 0 && ip === clusterIP ? ['spec', 'clusterIP'] : field;
      report({
        field,
        place,
        message: `${quoteValue(ip)} is ${family}, but ipFamilies[${index}] is ${wanted}`,
        hint: `choose an ${wanted} address, or set ipFamilies[${index}] to ${family}`,
      });
    });
  },
} as const satisfies ServiceRule;
