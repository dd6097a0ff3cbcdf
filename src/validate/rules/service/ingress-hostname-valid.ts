import { parseIP } from '../../../model/ip.ts';
import { dnsSubdomainProblem } from '../../formats/dns.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** ValidateLoadBalancerStatus (1.34), which a create does not run. */
export const ingressHostnameValid = {
  code: 'ingress-hostname-valid',
  category: 'node',
  severity: 'warning',
  summary: 'a host name of a load balancer that is no name, or an address',
  explanation: `A load balancer that has no fixed address is known by a name, which clients ask DNS for; nodes make no rules for
names. An address that stands there by mistake gets no rules either.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const hostname = entry?.hostname ?? '';
      if (hostname === '') return;
      const isAddress = parseIP(hostname) !== undefined;
      const problem = isAddress ? 'is an address, not a name' : dnsSubdomainProblem(hostname);
      if (problem === undefined) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'hostname'],
        message: `hostname ${quoteValue(hostname)} ${problem}`,
        ...(isAddress ? { hint: 'write it as ip, so that nodes take traffic to it' } : {}),
      });
    });
  },
} as const satisfies ServiceRule;
