import type { ServiceRule } from '../../../rule.ts';

/** ValidateService (1.34). ExternalName tolerates nodePorts, and nothing comes of them. */
export const nodePortType = {
  code: 'node-port-type',
  category: 'api',
  severity: 'error',
  summary: 'a nodePort on a Service of type ClusterIP',
  explanation: `A ClusterIP Service is not reached through ports of nodes: nodePort belongs to the types NodePort and
LoadBalancer.`,
  check({ type, ports }, report) {
    if (type !== 'ClusterIP') return;
    ports.forEach(({ nodePort }, index) => {
      if (nodePort === 0) return;
      report({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort} on a Service of type ClusterIP`,
        hint: 'set spec.type to NodePort, or leave nodePort out',
      });
    });
  },
} as const satisfies ServiceRule;
