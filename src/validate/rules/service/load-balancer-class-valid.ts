import { qualifiedNameProblem } from '../../formats/qualified-name.ts';
import type { ServiceRule } from '../../rule.ts';
import { quoteValue } from '../../shape/describe-value.ts';

/** validateLoadBalancerClassField (1.34). */
export const loadBalancerClassValid = {
  code: 'load-balancer-class-valid',
  category: 'api',
  severity: 'error',
  summary: 'a loadBalancerClass that is no qualified name',
  explanation: `loadBalancerClass names the implementation that is to provide the load balancer, as a qualified name:
example.com/internal.`,
  check({ type, loadBalancerClass }, report) {
    if (type !== 'LoadBalancer' || loadBalancerClass === undefined) return;
    const problem = qualifiedNameProblem(loadBalancerClass);
    if (problem === undefined) return;
    report({
      field: ['spec', 'loadBalancerClass'],
      message: `loadBalancerClass ${quoteValue(loadBalancerClass)} ${problem}`,
    });
  },
} as const satisfies ServiceRule;
