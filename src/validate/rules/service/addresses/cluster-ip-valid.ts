import type { ServiceRule } from '../../../rule.ts';
import { quoteValue } from '../../../shape/describe-value.ts';

/** ValidateServiceClusterIPsRelatedFields (1.34), which names spec.clusterIPs[i] for spec.clusterIP too. */
export const clusterIPValid = {
  code: 'cluster-ip-valid',
  category: 'api',
  severity: 'error',
  summary: 'a clusterIP that is no IP address',
  explanation: `clusterIP is an IPv4 or IPv6 address, None (headless), or left out to get one. A CIDR, a host name or a
zone (%eth0) is none.`,
  check({ type, clusterIP, clusterIPs, clusterAddresses }, report) {
    if (type === 'ExternalName') return;
    clusterIPs.forEach((ip, index) => {
      if ((index === 0 && ip === 'None') || clusterAddresses[index] !== undefined) return;
      const field = ['spec', 'clusterIPs', index];
      const place = index === 0 && ip === clusterIP ? ['spec', 'clusterIP'] : field;
      const hint =
        'write an address like 10.96.0.10, None for a headless Service, or leave it out to get one';
      report({ field, place, message: `${quoteValue(ip)} is not an IP address`, hint });
    });
  },
} as const satisfies ServiceRule;
