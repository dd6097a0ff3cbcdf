import type { Workload } from '../model/cluster.ts';
import { toEndpointSlice } from './convert/endpoint-slice.ts';
import { toEndpoints } from './convert/endpoints.ts';
import { toNode } from './convert/node.ts';
import { toPod } from './convert/pod.ts';
import { toService } from './convert/service.ts';
import { toServiceCIDR } from './convert/service-cidr.ts';
import { type TemplateOwner, templateOwnerOf, toWorkload } from './convert/workload.ts';
import { defaultService } from './defaults/service.ts';
import * as shapes from './generated/shapes.js';
import { type MakeReader, readerOf, type WithMetadata } from './read-object.ts';
import {
  endpointSliceRules,
  endpointsRules,
  nodeRules,
  podRules,
  serviceCIDRRules,
  serviceRules,
  workloadRules,
} from './rules/index.ts';

const service = readerOf({
  kind: 'Service',
  schema: 'service',
  isShape: shapes.isService,
  toSubject: defaultService,
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
  toSubject: (raw) => raw,
  rules: endpointSliceRules,
  add: (subject, manifest, cluster) => cluster.endpointSlices.push(toEndpointSlice(subject, manifest)),
});

const pod = readerOf({
  kind: 'Pod',
  schema: 'pod',
  isShape: shapes.isPod,
  toSubject: (raw) => raw,
  rules: podRules,
  add: (subject, manifest, cluster) => cluster.pods.push(toPod(subject, manifest)),
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
  readonly toOwner: (raw: Raw) => TemplateOwner;
}): MakeReader {
  const { kind, schema, isShape, toOwner } = definition;
  return readerOf({
    kind,
    schema,
    isShape,
    toSubject: toOwner,
    rules: workloadRules,
    add: (owner, manifest, cluster) => cluster.workloads.push(toWorkload(kind, owner, manifest)),
  });
}

const { Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob } = templateOwnerOf;

/** The kinds that we read, by apiVersion and kind. */
export const kindReaders: ReadonlyMap<string, MakeReader> = new Map([
  ['v1 Service', service],
  ['v1 Endpoints', endpoints],
  ['discovery.k8s.io/v1 EndpointSlice', endpointSlice],
  ['v1 Pod', pod],
  ['v1 Node', node],
  ['networking.k8s.io/v1 ServiceCIDR', serviceCIDR],
  [
    'apps/v1 Deployment',
    workloadReader({
      kind: 'Deployment',
      schema: 'deployment',
      isShape: shapes.isDeployment,
      toOwner: Deployment,
    }),
  ],
  [
    'apps/v1 StatefulSet',
    workloadReader({
      kind: 'StatefulSet',
      schema: 'stateful-set',
      isShape: shapes.isStatefulSet,
      toOwner: StatefulSet,
    }),
  ],
  [
    'apps/v1 DaemonSet',
    workloadReader({
      kind: 'DaemonSet',
      schema: 'daemon-set',
      isShape: shapes.isDaemonSet,
      toOwner: DaemonSet,
    }),
  ],
  [
    'apps/v1 ReplicaSet',
    workloadReader({
      kind: 'ReplicaSet',
      schema: 'replica-set',
      isShape: shapes.isReplicaSet,
      toOwner: ReplicaSet,
    }),
  ],
  ['batch/v1 Job', workloadReader({ kind: 'Job', schema: 'job', isShape: shapes.isJob, toOwner: Job })],
  [
    'batch/v1 CronJob',
    workloadReader({ kind: 'CronJob', schema: 'cron-job', isShape: shapes.isCronJob, toOwner: CronJob }),
  ],
]);
