import { isHeadless } from '../../../../kubernetes/services.ts';
import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34), which names spec.clusterIPs[0]. */
export const headlessType = {
  code: 'headless-type',
  category: 'api',
  severity: 'error',
  summary: 'a headless Service of type NodePort or LoadBalancer',
  explanation: `A headless Service (clusterIP: None) has no address that a node could forward from, so its type cannot be
NodePort or LoadBalancer.`,
  check(service, report) {
    const { type, clusterIP } = service;
    if ((type !== 'NodePort' && type !== 'LoadBalancer') || !isHeadless(service)) return;
    const field = ['spec', 'clusterIPs', 0];
    report({
      field,
      place: clusterIP === 'None' ? ['spec', 'clusterIP'] : field,
      message: `clusterIP None on a Service of type ${type}`,
      hint: 'leave clusterIP out, or set spec.type to ClusterIP',
    });
  },
} as const satisfies ServiceRule;
