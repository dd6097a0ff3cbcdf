import { labelOf } from '../../diagnose.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { clusterIPField } from './view/cluster-ip-owners.ts';

/** The API server's allocator of cluster IPs (pkg/registry/core/service/ipallocator, 1.34). */
export const clusterIPNotTaken = {
  code: 'cluster-ip-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a clusterIP that another Service has',
  explanation: `The API server allocates every clusterIP once and refuses a Service that asks for one that is taken. On a
node, connections to the address would go to whichever Service comes first.`,
  *check(_, { view }) {
    for (const { service, index, owner } of view.clusterIPs.conflicts) {
      const ip = service.clusterIPs[index] ?? '';
      yield {
        kind: 'Service',
        object: service,
        field: clusterIPField(index),
        message: `clusterIP ${ip} belongs to ${labelOf('Service', owner)} already`,
        hint: 'choose another address, or leave it out to have a free one allocated',
        related: [
          {
            kind: 'Service',
            object: owner,
            field: clusterIPField(owner.clusterIPs.indexOf(ip)),
            message: `taken by ${labelOf('Service', owner)}`,
          },
        ],
      };
    }
  },
} as const satisfies ClusterRule;
