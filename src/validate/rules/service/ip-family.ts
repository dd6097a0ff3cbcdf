import { suggestion } from '../../checks/suggestion.ts';
import { effectiveFamilyPolicy, isSelectorlessHeadless } from '../../defaults/family-policy.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const ipFamiliesValid = {
  code: 'ip-families-valid',
  category: 'api',
  severity: 'error',
  onlyWith: ['ipFamilies'],
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

/** initIPFamilyFields of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const ipFamilyConfigured = {
  code: 'ip-family-configured',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
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

const POLICIES = ['SingleStack', 'PreferDualStack', 'RequireDualStack'];

/** ValidateServiceClusterIPsRelatedFields (1.34); the empty string is no policy either. */
export const ipFamilyPolicyKnown = {
  code: 'ip-family-policy-known',
  category: 'api',
  severity: 'error',
  onlyWith: ['ipFamilyPolicy'],
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

/** initIPFamilyFields of the Service's REST layer (pkg/registry/core/service/storage, 1.34). */
export const singleStackSingle = {
  code: 'single-stack-single',
  category: 'api',
  severity: 'error',
  onlyWith: ['clusterIPs', 'ipFamilies'],
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
