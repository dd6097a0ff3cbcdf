import type { ServiceRule } from '../../../rule.ts';

const KUBELET_PORT = 10_250;

/** ValidateService (1.30 to 1.32); 1.33 has dropped it. */
export const loadBalancerPortFree = {
  code: 'load-balancer-port-free',
  category: 'api',
  severity: 'error',
  summary: 'a load balancer at the port of kubelets',
  explanation: `Up to Kubernetes 1.32 the port of a load balancer cannot be 10250, at which kubelets listen on every node.`,
  check({ type, ports }, report, { options }) {
    if (type !== 'LoadBalancer' || !options.kubernetes.api.reservesKubeletPort) return;
    ports.forEach(({ port }, index) => {
      if (port !== KUBELET_PORT) return;
      report({
        field: ['spec', 'ports', index],
        place: ['spec', 'ports', index, 'port'],
        message: `port ${KUBELET_PORT} is that of kubelets: no load balancer can have it`,
        hint: 'choose another port',
      });
    });
  },
} as const satisfies ServiceRule;
