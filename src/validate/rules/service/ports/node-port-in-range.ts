import type { ServiceRule } from '../../../rule.ts';

/** The node port allocator (pkg/registry/core/service/portallocator, 1.34). */
export const nodePortInRange = {
  code: 'node-port-in-range',
  category: 'api',
  severity: 'error',
  summary: "a nodePort outside the cluster's range",
  explanation: `The API server hands out node ports from one range, 30000-32767 unless --service-node-port-range says
otherwise, and refuses others: below are the ports of the node's own services and of outgoing connections.`,
  check({ type, ports }, report, { options }) {
    if (type !== 'NodePort' && type !== 'LoadBalancer') return;
    const { first, last } = options.nodePortRange;
    ports.forEach(({ nodePort }, index) => {
      if (nodePort === 0 || (nodePort >= first && nodePort <= last)) return;
      report({
        field: ['spec', 'ports', index, 'nodePort'],
        message: `nodePort ${nodePort} is outside ${first}-${last}`,
        hint: 'choose a port in the range, or leave nodePort out to get one',
      });
    });
  },
} as const satisfies ServiceRule;
