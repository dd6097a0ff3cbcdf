import { effectiveFamilyPolicy } from '../../../defaults/family-policy.ts';
import type { ServiceRule } from '../../../rule.ts';

/** initIPFamilyFields of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const singleStackSingle = {
  code: 'single-stack-single',
  category: 'api',
  severity: 'error',
  summary: 'two families or addresses on a single-stack Service',
  explanation: `Two families or two cluster IPs make a Service dual-stack, and that has to be said: without ipFamilyPolicy
it is SingleStack. Set PreferDualStack or RequireDualStack. (A headless Service without selector is dual-stack on its
own.)`,
  check(service, report) {
    const { type, clusterIPs, ipFamilies, ipFamilyPolicy } = service;
    if (type === 'ExternalName' || (clusterIPs.length !== 2 && ipFamilies.length !== 2)) return;
    if (effectiveFamilyPolicy(service) !== 'SingleStack') return;
    const what = ipFamilies.length === 2 ? 'ipFamilies' : 'clusterIPs';
    report({
      field: ['spec', 'ipFamilyPolicy'],
      message: `two ${what}, but ipFamilyPolicy is ${ipFamilyPolicy ?? 'left out, which means SingleStack'}`,
      hint: 'set ipFamilyPolicy to PreferDualStack or RequireDualStack',
    });
  },
} as const satisfies ServiceRule;
