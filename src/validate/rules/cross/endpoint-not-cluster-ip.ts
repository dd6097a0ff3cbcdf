import { ENDPOINT_SLICE_CONTROLLER, SLICE_MANAGED_BY_LABEL } from '../../../kubernetes/labels.ts';
import type { Cluster, EndpointSlice, Service } from '../../../model/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding, ObjectPlace } from '../../rule.ts';
import type { ClusterRule } from './cluster-rule.ts';
import { clusterIPField } from './view/cluster-ip-owners.ts';
import type { ClusterView } from './view/cluster-view.ts';

/** The documentation of Services without selectors: kube-proxy has no virtual IPs as destinations. */
export const endpointNotClusterIP = {
  code: 'endpoint-not-cluster-ip',
  category: 'cross',
  severity: 'error',
  summary: 'an endpoint that is the clusterIP of a Service, not the address of a server',
  explanation: `A node translates the destination of a connection once. If the endpoint that it chooses is itself a
clusterIP, the packets are sent to an address that no machine has, and are lost. Endpoints must be the addresses of
servers.`,
  *check(cluster, { view }) {
    const { ownerOf } = view.clusterIPs;
    yield* checkEndpoints(cluster, ownerOf);
    yield* checkSlices(cluster, ownerOf);
  },
} as const satisfies ClusterRule;

type OwnerOf = ClusterView['clusterIPs']['ownerOf'];

function* checkSlices({ endpointSlices }: Cluster, ownerOf: OwnerOf): Iterable<ClusterFinding> {
  for (const slice of endpointSlices) {
    if (isMadeOfPods(slice)) continue;
    for (const [index, at] of findClusterIPs(slice, ownerOf)) {
      const ip = slice.endpoints[index]?.addresses[at] ?? '';
      const owner = ownerOf(ip);
      if (owner === undefined) continue;
      yield findingOf(
        { kind: 'EndpointSlice', object: slice, field: ['endpoints', index, 'addresses', at] },
        ip,
        owner,
      );
    }
  }
}

/** Pods are no clusterIPs: most of a large cluster need not be looked through. */
function isMadeOfPods({ labels }: EndpointSlice): boolean {
  return labels[SLICE_MANAGED_BY_LABEL] === ENDPOINT_SLICE_CONTROLLER;
}

const NOWHERE: readonly (readonly [number, number])[] = [];

/** Where addresses of a slice are clusterIPs: in which endpoint, and where in its list. */
function findClusterIPs(
  { endpoints }: EndpointSlice,
  ownerOf: OwnerOf,
): readonly (readonly [number, number])[] {
  let found = NOWHERE;
  for (let index = 0; index < endpoints.length; index += 1) {
    const addresses = endpoints[index]?.addresses ?? [];
    for (let at = 0; at < addresses.length; at += 1) {
      if (ownerOf(addresses[at] ?? '') !== undefined) found = [...found, [index, at]];
    }
  }
  return found;
}

function* checkEndpoints(cluster: Cluster, ownerOf: OwnerOf): Iterable<ClusterFinding> {
  for (const endpoints of cluster.endpoints) {
    for (const [index, subset] of endpoints.subsets.entries()) {
      for (const list of ['addresses', 'notReadyAddresses'] as const) {
        for (const [at, { ip }] of subset[list].entries()) {
          const owner = ownerOf(ip);
          if (owner === undefined) continue;
          const field: FieldPath = ['subsets', index, list, at, 'ip'];
          yield findingOf({ kind: 'Endpoints', object: endpoints, field }, ip, owner);
        }
      }
    }
  }
}

function findingOf(place: ObjectPlace, ip: string, owner: Service): ClusterFinding {
  return {
    ...place,
    message: `endpoint ${ip} is the clusterIP of ${labelOf('Service', owner)}, which no node forwards to`,
    hint: 'list the addresses of the servers, or make an alias: type ExternalName with the DNS name of that Service',
    related: [
      {
        kind: 'Service',
        object: owner,
        field: clusterIPField(owner.clusterIPs.indexOf(ip)),
        message: `the clusterIP of ${labelOf('Service', owner)}`,
      },
    ],
  };
}
