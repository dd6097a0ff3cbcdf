import { parseIP } from '../../../model/ip.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** Nothing upstream: validation of a create does not look at status, and kube-proxy skips what it cannot parse. */
export const ingressIPValid = {
  code: 'ingress-ip-valid',
  category: 'node',
  severity: 'error',
  summary: 'a load balancer address that is no IP address',
  explanation: `Nodes take traffic to the addresses in status.loadBalancer.ingress. The API server does not check them when
an object is created, but a rule can only be made for an IP address.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const ip = entry?.ip ?? '';
      if (ip === '' || parseIP(ip) !== undefined) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'ip'],
        message: `ingress ip ${quoteValue(ip)} is not an IP address`,
        hint: 'names of load balancers belong into hostname',
      });
    });
  },
} as const satisfies ServiceRule;
