import type { ServiceRule } from '../../rule.ts';

/** kube-proxy makes rules for the addresses in status.loadBalancer.ingress, which a cloud or MetalLB writes. */
export const loadBalancerHasAddress = {
  code: 'load-balancer-has-address',
  category: 'cross',
  severity: 'warning',
  summary: 'a load balancer without an address in its status',
  explanation: `The address of a load balancer stands in status.loadBalancer.ingress, where the controller of a cloud writes
it. A manifest that was never applied has none: nodes get rules for its clusterIP and nodePorts, but none for the load
balancer, and its source ranges limit nobody. A load balancer that is known by a host name only needs no rules on nodes.`,
  check({ type, ingress }, report) {
    if (type !== 'LoadBalancer' || ingress.some((entry) => entry?.ip || entry?.hostname)) return;
    report({
      field: ['status', 'loadBalancer', 'ingress'],
      place: ['spec', 'type'],
      message: 'the load balancer has no address yet: nodes get rules for its clusterIP and nodePorts only',
      hint: 'write its address as status.loadBalancer.ingress[0].ip, or take the manifest from the cluster',
    });
  },
} as const satisfies ServiceRule;
