import type { ServiceCIDR, Workload } from '../model/cluster.ts';
import type { Manifest } from '../model/manifest.ts';
import { placeContainers } from './checks/pod-containers.ts';
import { canonicalCIDRs } from './convert/canonical.ts';
import { toEndpointSlice, toEndpoints } from './convert/endpoints.ts';
import { toNode } from './convert/node.ts';
import { clusterMeta } from './convert/object-meta.ts';
import { isHook, toPod, toWorkload } from './convert/pod.ts';
import { toService } from './convert/service.ts';
import { toSliceSubject } from './defaults/endpoint-slice.ts';
import { defaultService, isPlainService, partsOfService } from './defaults/service.ts';
import { partsOfPod, workloadSubjectOf } from './defaults/workload.ts';
import type * as api from './generated/shapes.js';
import * as shapes from './generated/shapes.js';
import { type MakeReader, readerOf, type WithMetadata } from './read-object.ts';
import type { WorkloadSubject } from './rule.ts';
import { endpointsRules } from './rules/endpoints/index.ts';
import { nodeRules, serviceCIDRRules } from './rules/node/index.ts';
import { podRules, workloadRules } from './rules/pod/index.ts';
import { serviceRules } from './rules/service/index.ts';
import { endpointSliceRules } from './rules/slice/index.ts';

const service = readerOf({
  kind: 'Service',
  schema: 'service',
  isShape: shapes.isService,
  toSubject: defaultService,
  isPlain: isPlainService,
  partsOf: (_, raw) => partsOfService(raw),
  rules: serviceRules,
  add: (subject, manifest, cluster) => cluster.services.push(toService(subject, manifest)),
});

const endpoints = readerOf({
  kind: 'Endpoints',
  schema: 'endpoints',
  isShape: shapes.isEndpoints,
  toSubject: (raw) => raw,
  rules: endpointsRules,
  add: (subject, manifest, cluster) => cluster.endpoints.push(toEndpoints(subject, manifest)),
});

const endpointSlice = readerOf({
  kind: 'EndpointSlice',
  schema: 'endpoint-slice',
  isShape: shapes.isEndpointSlice,
  toSubject: (raw, { validNodeNames }) => toSliceSubject(raw, validNodeNames),
  isPlain: (subject) => subject.isPlain,
  rules: endpointSliceRules,
  add: (subject, manifest, cluster) => cluster.endpointSlices.push(toEndpointSlice(subject, manifest)),
});

const pod = readerOf({
  kind: 'Pod',
  schema: 'pod',
  isShape: shapes.isPod,
  toSubject: (raw) => ({
    raw,
    spec: raw.spec ?? {},
    path: ['spec'],
    metadata: raw.metadata ?? {},
    metadataPath: ['metadata'],
    isTemplate: false,
    containers: placeContainers(raw.spec ?? {}, ['spec']),
    claims: [],
    status: raw.status ?? {},
  }),
  partsOf: partsOfPod,
  rules: podRules,
  add: ({ raw }, manifest, cluster) => {
    if (raw.status?.phase || !isHook(raw.metadata ?? {})) cluster.pods.push(toPod(raw, manifest));
  },
});

const node = readerOf({
  kind: 'Node',
  schema: 'node',
  isShape: shapes.isNode,
  toSubject: (raw) => raw,
  rules: nodeRules,
  add: (subject, manifest, cluster) => cluster.nodes.push(toNode(subject, manifest)),
});

const serviceCIDR = readerOf({
  kind: 'ServiceCIDR',
  schema: 'service-cidr',
  isShape: shapes.isServiceCIDR,
  toSubject: (raw) => raw,
  rules: serviceCIDRRules,
  add: (subject, manifest, cluster) => cluster.serviceCIDRs.push(toServiceCIDR(subject, manifest)),
});

function workloadReader<Raw extends WithMetadata>(definition: {
  readonly kind: Workload['kind'];
  readonly schema: string;
  readonly isShape: (value: unknown) => value is Raw;
  readonly toWorkloadSubject: (raw: Raw) => WorkloadSubject;
}): MakeReader {
  const { kind, schema, isShape, toWorkloadSubject } = definition;
  return readerOf({
    kind,
    schema,
    isShape,
    toSubject: (raw) => ({ ...toWorkloadSubject(raw), metadata: raw.metadata ?? {} }),
    partsOf: ({ pod }) => partsOfPod(pod),
    rules: workloadRules,
    add: (subject, manifest, cluster) => {
      if (kind !== 'Job' || !isHook(subject.metadata))
        cluster.workloads.push(toWorkload(subject, subject.metadata, manifest));
    },
  });
}

const { Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController, Job, CronJob } =
  workloadSubjectOf;

/** All versions that ServiceCIDR has had since it holds a list of CIDRs. The newest comes last. */
const SERVICE_CIDR_VERSIONS = ['v1alpha1', 'v1beta1', 'v1'].map((version) => `networking.k8s.io/${version}`);

/** The kinds that we read, by apiVersion and kind. Not every version of Kubernetes serves all of them. */
export const kindReaders: ReadonlyMap<string, MakeReader> = new Map([
  ['v1 Service', service],
  ['v1 Endpoints', endpoints],
  ['discovery.k8s.io/v1 EndpointSlice', endpointSlice],
  ['v1 Pod', pod],
  ['v1 Node', node],
  ...SERVICE_CIDR_VERSIONS.map((version) => [`${version} ServiceCIDR`, serviceCIDR] as const),
  [
    'apps/v1 Deployment',
    workloadReader({
      kind: 'Deployment',
      schema: 'deployment',
      isShape: shapes.isDeployment,
      toWorkloadSubject: Deployment,
    }),
  ],
  [
    'apps/v1 StatefulSet',
    workloadReader({
      kind: 'StatefulSet',
      schema: 'stateful-set',
      isShape: shapes.isStatefulSet,
      toWorkloadSubject: StatefulSet,
    }),
  ],
  [
    'apps/v1 DaemonSet',
    workloadReader({
      kind: 'DaemonSet',
      schema: 'daemon-set',
      isShape: shapes.isDaemonSet,
      toWorkloadSubject: DaemonSet,
    }),
  ],
  [
    'apps/v1 ReplicaSet',
    workloadReader({
      kind: 'ReplicaSet',
      schema: 'replica-set',
      isShape: shapes.isReplicaSet,
      toWorkloadSubject: ReplicaSet,
    }),
  ],
  [
    'v1 ReplicationController',
    workloadReader({
      kind: 'ReplicationController',
      schema: 'replication-controller',
      isShape: shapes.isReplicationController,
      toWorkloadSubject: ReplicationController,
    }),
  ],
  [
    'batch/v1 Job',
    workloadReader({ kind: 'Job', schema: 'job', isShape: shapes.isJob, toWorkloadSubject: Job }),
  ],
  [
    'batch/v1 CronJob',
    workloadReader({
      kind: 'CronJob',
      schema: 'cron-job',
      isShape: shapes.isCronJob,
      toWorkloadSubject: CronJob,
    }),
  ],
]);

/** A ServiceCIDR that has passed the rules, as later stages know it. */
function toServiceCIDR({ metadata, spec }: api.ServiceCIDR, manifest: Manifest): ServiceCIDR {
  return { ...clusterMeta(metadata, manifest), cidrs: canonicalCIDRs(spec?.cidrs ?? []) };
}
