import type { Cluster, ObjectMeta } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding, ClusterRule, ObjectKind } from '../../rule.ts';
import { isSameObject } from './cluster-view.ts';

/** A cluster keeps one object a kind, namespace and name: whatever is applied last. */
export const objectUnique: ClusterRule = {
  code: 'object-unique',
  severity: 'error',
  explanation: `A cluster keeps one object for each kind, namespace and name. Of two definitions in one input the one
that is applied last would win, so what the input means would depend on its order. Manifests that are alternatives,
such as overlays for several environments, are validated one by one, or each file on its own with --each.`,
  failingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 8080
`,
  passingExample: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: staging
spec:
  ports:
    - port: 8080
`,
  *check(cluster) {
    for (const { kind, objects } of objectLists(cluster)) yield* checkList(kind, objects);
    yield* checkWorkloads(cluster);
  },
};

function objectLists(
  cluster: Cluster,
): readonly { readonly kind: ObjectKind; readonly objects: readonly ObjectMeta[] }[] {
  return [
    { kind: 'Service', objects: cluster.services },
    { kind: 'Endpoints', objects: cluster.endpoints },
    { kind: 'EndpointSlice', objects: cluster.endpointSlices },
    { kind: 'Pod', objects: cluster.pods },
    { kind: 'Node', objects: cluster.nodes },
    { kind: 'ServiceCIDR', objects: cluster.serviceCIDRs },
  ];
}

/** Workloads of all kinds are in one list, and a name may occur once in each kind. */
function* checkWorkloads({ workloads }: Cluster): Iterable<ClusterFinding> {
  const byKind = new Map<ObjectKind, ObjectMeta[]>();
  for (const workload of workloads) {
    const ofKind = byKind.get(workload.kind);
    if (ofKind === undefined) byKind.set(workload.kind, [workload]);
    else ofKind.push(workload);
  }
  for (const [kind, objects] of byKind) yield* checkList(kind, objects);
}

/** Objects that get their names from the API server (generateName) are never the same. */
function* checkList(kind: ObjectKind, objects: readonly ObjectMeta[]): Iterable<ClusterFinding> {
  let first: ObjectMeta | undefined;
  for (const object of objects) {
    if (first === undefined || object.name === '' || !isSameObject(object, first)) {
      first = object;
      continue;
    }
    yield {
      kind,
      object,
      field: ['metadata', 'name'],
      message: `${labelOf(kind, object)} is defined already`,
      hint: 'remove or rename one of them; --each validates every file on its own',
      related: [{ kind, object: first, field: ['metadata', 'name'], message: 'the first definition' }],
    };
  }
}
