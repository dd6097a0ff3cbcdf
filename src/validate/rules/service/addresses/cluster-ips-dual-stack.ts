import type { ServiceRule } from '../../../rule.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34). */
export const clusterIPsDualStack = {
  code: 'cluster-ips-dual-stack',
  category: 'api',
  severity: 'error',
  summary: 'more than one clusterIP of a family',
  explanation: `A Service has at most two cluster IPs, one of each family: a second address of the same family would not
be allocated.`,
  check({ type, clusterIPs, clusterAddresses }, report) {
    if (type === 'ExternalName' || clusterIPs.length < 2) return;
    const field = ['spec', 'clusterIPs'];
    if (clusterIPs.length > 2)
      report({ field, message: `${clusterIPs.length} clusterIPs, but two is the most` });
    const families = clusterAddresses.map((address) => address?.family);
    if (families.includes(undefined) || new Set(families).size === 2) return;
    report({ field, message: `clusterIPs are all ${families[0]}`, hint: 'keep one address of each family' });
  },
} as const satisfies ServiceRule;
