import type { ClusterRule } from './cluster-rule.ts';
import { nodePortFinding } from './node-port-finding.ts';

/** The API server's allocator of node ports (pkg/registry/core/service/portallocator, 1.34). */
export const nodePortNotTaken = {
  code: 'node-port-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a nodePort that another Service has',
  explanation: `The API server allocates every node port once in the whole cluster, and refuses a Service that asks for one
that is taken, be it by another protocol: TCP and UDP can share a number within one Service only. On a node,
connections to the port would go to whichever Service comes first.`,
  *check(_, { view }) {
    for (const conflict of view.nodePortConflicts) {
      if (conflict.claim.kind === 'nodePort') yield nodePortFinding(conflict);
    }
  },
} as const satisfies ClusterRule;
