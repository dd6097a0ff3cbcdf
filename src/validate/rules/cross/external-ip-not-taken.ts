import { addressFinding } from './address-finding.ts';
import type { ClusterRule } from './cluster-rule.ts';

/** Nobody allocates external IPs: kube-proxy's rules of the Service that comes first take all connections. */
export const externalIPNotTaken = {
  code: 'external-ip-not-taken',
  category: 'cross',
  severity: 'error',
  summary: 'an external IP, port and protocol that lead to another Service already',
  explanation: `Nodes take connections to an external IP by address, port and protocol. The API server lets two Services have
the same three, but a node sends every connection to one of them, and the other gets none; an external IP that equals
a clusterIP or load-balancer address of another Service takes over its connections. Services may share an address as
long as their ports differ.`,
  *check(_, { view }) {
    for (const conflict of view.addressConflicts) {
      if (conflict.claim.kind === 'external IP') yield addressFinding(conflict);
    }
  },
} as const satisfies ClusterRule;
