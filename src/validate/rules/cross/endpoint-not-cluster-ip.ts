import type { Cluster, Service } from '../../../model/cluster.ts';
import type { FieldPath } from '../../../model/field-path.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding, ClusterRule, ObjectPlace } from '../../rule.ts';
import { clusterIPField } from './cluster-ip-field.ts';

/** The documentation of Services without selectors: kube-proxy has no virtual IPs as destinations. */
export const endpointNotClusterIP: ClusterRule = {
  code: 'endpoint-not-cluster-ip',
  severity: 'error',
  explanation: `A node translates the destination of a connection once. If the endpoint that it chooses is itself a
clusterIP, the packets are sent to an address that no machine has, and are lost. Endpoints must be the addresses of
servers.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  clusterIP: 10.96.0.20
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: legacy-api
spec:
  ports:
    - port: 80
---
apiVersion: v1
kind: Endpoints
metadata:
  name: legacy-api
subsets:
  - addresses:
      - ip: 10.96.0.20
    ports:
      - port: 80
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: api
spec:
  clusterIP: 10.96.0.20
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: legacy-api
spec:
  type: ExternalName
  externalName: api.default.svc.cluster.local
`,
  *check(cluster, { view }) {
    const owners = clusterIPOwners(view.services);
    if (owners.size > 0) yield* checkEndpoints(cluster, owners);
    if (owners.size > 0) yield* checkSlices(cluster, owners);
  },
};

type Owners = ReadonlyMap<string, Service>;

function clusterIPOwners(services: readonly Service[]): Owners {
  const owners = new Map<string, Service>();
  for (const service of services) {
    for (const ip of service.clusterIPs) {
      if (ip !== 'None' && !owners.has(ip)) owners.set(ip, service);
    }
  }
  return owners;
}

function* checkSlices({ endpointSlices }: Cluster, owners: Owners): Iterable<ClusterFinding> {
  for (const slice of endpointSlices) {
    const { endpoints } = slice;
    for (let index = 0; index < endpoints.length; index += 1) {
      const addresses = endpoints[index]?.addresses ?? [];
      for (let at = 0; at < addresses.length; at += 1) {
        const ip = addresses[at] ?? '';
        const owner = owners.get(ip);
        if (owner === undefined) continue;
        const field = ['endpoints', index, 'addresses', at];
        yield findingOf({ kind: 'EndpointSlice', object: slice, field }, ip, owner);
      }
    }
  }
}

function* checkEndpoints(cluster: Cluster, owners: Owners): Iterable<ClusterFinding> {
  for (const endpoints of cluster.endpoints) {
    for (const [index, subset] of endpoints.subsets.entries()) {
      for (const list of ['addresses', 'notReadyAddresses'] as const) {
        for (const [at, { ip }] of subset[list].entries()) {
          const owner = owners.get(ip);
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
