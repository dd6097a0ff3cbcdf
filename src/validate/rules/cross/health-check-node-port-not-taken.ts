import type { ClusterRule } from './cluster-rule.ts';
import { nodePortFinding } from './node-port-finding.ts';

/** The API server's allocator of node ports (pkg/registry/core/service/portallocator, 1.34). */
export const healthCheckNodePortNotTaken = {
  code: 'health-check-node-port-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a healthCheckNodePort that another Service has, for that or as a nodePort',
  explanation: `A load balancer asks every node on the healthCheckNodePort whether it has local endpoints. The number comes
from the same range and the same allocator as nodePorts, which gives each number to one Service. Two Services that
share it would answer for each other.`,
  *check(_, { view }) {
    for (const conflict of view.nodePortConflicts) {
      if (conflict.claim.kind === 'healthCheckNodePort') yield nodePortFinding(conflict);
    }
  },
} as const satisfies ClusterRule;
