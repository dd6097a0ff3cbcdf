import type { Cluster, ObjectMeta } from '../../../model/cluster.ts';
import { labelOf } from '../../diagnose.ts';
import type { ClusterFinding, ClusterRule, ObjectKind } from '../../rule.ts';
import { findRepetitions, type Repetition } from './repetitions.ts';

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
    for (const { kind, objects } of objectLists(cluster)) {
      for (const repetition of findRepetitions(kind, objects)) yield findingOf(repetition);
    }
  },
};

interface ObjectList {
  readonly kind: ObjectKind;
  readonly objects: readonly ObjectMeta[];
}

function objectLists(cluster: Cluster): readonly ObjectList[] {
  return [
    { kind: 'Service', objects: cluster.services },
    { kind: 'Endpoints', objects: cluster.endpoints },
    { kind: 'EndpointSlice', objects: cluster.endpointSlices },
    { kind: 'Pod', objects: cluster.pods },
    { kind: 'Node', objects: cluster.nodes },
    { kind: 'ServiceCIDR', objects: cluster.serviceCIDRs },
    ...workloadLists(cluster),
  ];
}

/** Workloads of all kinds are in one list, and a name may occur once in each kind. */
function workloadLists({ workloads }: Cluster): readonly ObjectList[] {
  const kinds = new Set(workloads.map(({ kind }) => kind));
  return [...kinds].map((kind) => ({
    kind,
    objects: workloads.filter((workload) => workload.kind === kind),
  }));
}

function findingOf({ kind, object, first }: Repetition): ClusterFinding {
  return {
    kind,
    object,
    field: ['metadata', 'name'],
    message: `${labelOf(kind, object)} is defined already`,
    hint: 'remove or rename one of them; --each validates every file on its own',
    related: [{ kind, object: first, field: ['metadata', 'name'], message: 'the first definition' }],
  };
}
