import { suggestion } from '../../checks/suggestion.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

const MODES = ['VIP', 'Proxy'];

/** ValidateLoadBalancerStatus (1.34), which a create does not run; kube-proxy takes only VIP for VIP. */
export const ingressIPModeKnown = {
  code: 'ingress-ip-mode-known',
  category: 'node',
  severity: 'error',
  summary: 'an ipMode other than VIP and Proxy',
  explanation: `ipMode says whether packets reach nodes with the address of the load balancer (VIP), or with that of a node
(Proxy). kube-proxy makes rules for VIP alone, so that anything else, be it only in lower case, leaves the address out.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer') return;
    ingress.forEach((entry, index) => {
      const mode = entry?.ipMode;
      if (mode === undefined || mode === null || MODES.includes(mode)) return;
      report({
        field: ['status', 'loadBalancer', 'ingress', index, 'ipMode'],
        message: `ipMode ${quoteValue(mode)} is neither VIP nor Proxy`,
        ...suggestion(mode, MODES),
      });
    });
  },
} as const satisfies ServiceRule;
