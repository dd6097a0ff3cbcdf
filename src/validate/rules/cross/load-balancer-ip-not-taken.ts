import { addressFinding } from './address-finding.ts';
import type { ClusterRule } from './cluster-rule.ts';

/** kube-proxy's rules of the Service that comes first take all connections. */
export const loadBalancerIPNotTaken = {
  code: 'load-balancer-ip-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'a load-balancer address, port and protocol that lead to another Service already',
  explanation: `Nodes take connections to a load-balancer address by address, port and protocol. Load balancers may share an
address between Services whose ports differ; with the same port a node sends every connection to one of them, and the
other gets none. Entries with ipMode Proxy don't count: nodes make no rules for them.`,
  *check(_, { view }) {
    for (const conflict of view.addressConflicts) {
      if (conflict.claim.kind === 'load-balancer address') yield addressFinding(conflict);
    }
  },
} as const satisfies ClusterRule;
