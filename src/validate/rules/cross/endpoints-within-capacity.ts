import type { ClusterRule } from './cluster-rule.ts';

const CAPACITY = 1000;

/** maxCapacity of the endpoints controller, maxEndpointsPerSubset of the mirroring controller (1.34). */
export const endpointsWithinCapacity = {
  code: 'endpoints-within-capacity',
  category: 'cross',
  severity: 'warning',
  summary: 'more than 1000 addresses in one Endpoints object',
  explanation: `Kubernetes keeps at most 1000 addresses in an Endpoints object: its controllers leave out those beyond, the
ones that are not ready first, and mirror no more than 1000 addresses of a hand-written object into the EndpointSlices
that nodes read. The servers beyond get no connections. A Service can have any number of EndpointSlices.`,
  *check(cluster) {
    for (const endpoints of cluster.endpoints) {
      let count = 0;
      for (const { addresses, notReadyAddresses } of endpoints.subsets) {
        count += addresses.length + notReadyAddresses.length;
      }
      if (count <= CAPACITY) continue;
      yield {
        kind: 'Endpoints',
        object: endpoints,
        field: ['subsets'],
        message: `${count} addresses in one Endpoints object: Kubernetes keeps ${CAPACITY} of them`,
        hint: 'use EndpointSlices, of which a Service can have many',
      };
    }
  },
} as const satisfies ClusterRule;
