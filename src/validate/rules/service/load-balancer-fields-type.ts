import type { ServiceRule } from '../../rule.ts';

/** ValidateService (1.34): even `allocateLoadBalancerNodePorts: true` is refused. */
export const loadBalancerFieldsType = {
  code: 'load-balancer-fields-type',
  category: 'api',
  severity: 'error',
  summary: 'load balancer settings on a Service that is no LoadBalancer',
  explanation: `allocateLoadBalancerNodePorts and loadBalancerClass say how a load balancer is to be made, so they belong
to type LoadBalancer; on others they are refused, whatever their value.`,
  check(service, report) {
    if (service.type === 'LoadBalancer') return;
    for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] as const) {
      if (service[key] === undefined) continue;
      report({
        field: ['spec', key],
        message: `${key} on a Service of type ${service.type}`,
        hint: `leave ${key} out, or set spec.type to LoadBalancer`,
      });
    }
  },
} as const satisfies ServiceRule;
