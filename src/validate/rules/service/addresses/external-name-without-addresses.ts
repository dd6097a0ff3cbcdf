import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). */
export const externalNameWithoutAddresses = {
  code: 'external-name-without-addresses',
  category: 'api',
  severity: 'error',
  summary: 'an ExternalName with addresses or IP families',
  explanation: `A Service of type ExternalName is a DNS alias and has no addresses of its own: clusterIP, clusterIPs,
ipFamilies and ipFamilyPolicy must be left out.`,
  check({ type, clusterIP, clusterIPs, ipFamilies, ipFamilyPolicy }, report) {
    if (type !== 'ExternalName') return;
    const refuse = (key: string, place = key) =>
      report({
        field: ['spec', key],
        place: ['spec', place],
        message: `${place} on a Service of type ExternalName`,
        hint: `leave ${place} out`,
      });
    if (clusterIPs.length > 0) refuse('clusterIPs', clusterIP === '' ? 'clusterIPs' : 'clusterIP');
    if (ipFamilies.length > 0) refuse('ipFamilies');
    if (ipFamilyPolicy !== undefined) refuse('ipFamilyPolicy');
  },
} as const satisfies ServiceRule;
