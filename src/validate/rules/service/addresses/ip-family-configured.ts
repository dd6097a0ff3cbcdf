import { effectiveFamilyPolicy, isSelectorlessHeadless } from '../../../defaults/family-policy.ts';
import type { ServiceRule } from '../../../rule.ts';

/** initIPFamilyFields of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const ipFamilyConfigured = {
  code: 'ip-family-configured',
  category: 'api',
  severity: 'error',
  summary: 'an IP family that the cluster has no service range for',
  explanation: `A Service can only have addresses of the families that the cluster has a service range for: on a cluster
with one family, RequireDualStack and the other family are refused. PreferDualStack takes what there is. Only checked
when the service ranges are known (--service-cluster-ip-range, or ServiceCIDR objects in the input).`,
  check(service, report, { serviceCIDRs }) {
    const { type, clusterAddresses, ipFamilies } = service;
    if (serviceCIDRs.length === 0 || type === 'ExternalName') return;
    const configured = new Set<string>(serviceCIDRs.map(({ family }) => family));
    clusterAddresses.forEach((address, index) => {
      const family = address?.family;
      if (family === undefined || configured.has(family) || index < ipFamilies.length) return;
      const field = ['spec', 'clusterIPs', index];
      report({ field, message: `clusterIP is ${family}, which this cluster has no service range for` });
    });
    if (isSelectorlessHeadless(service)) return;
    if (effectiveFamilyPolicy(service) === 'RequireDualStack' && configured.size < 2) {
      report({
        field: ['spec', 'ipFamilyPolicy'],
        message: `ipFamilyPolicy is RequireDualStack, but this cluster has only ${[...configured].join()}`,
        hint: 'set ipFamilyPolicy to PreferDualStack',
      });
    }
    ipFamilies.forEach((family, index) => {
      if (configured.has(family) || (family !== 'IPv4' && family !== 'IPv6')) return;
      const field = ['spec', 'ipFamilies', index];
      report({ field, message: `this cluster has no service range of family ${family}` });
    });
  },
} as const satisfies ServiceRule;
