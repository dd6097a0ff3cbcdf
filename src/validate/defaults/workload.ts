import type { Workload } from '../../model/cluster.ts';
import type { FieldPath } from '../../model/field-path.ts';
import { placeContainers } from '../checks/pod-containers.ts';
import type * as api from '../generated/shapes.js';
import type { PodSubject, WorkloadSubject } from '../rule.ts';

interface SpecWithTemplate {
  readonly selector?: api.LabelSelector | null;
  readonly template?: api.PodTemplateSpec | null;
  readonly revisionHistoryLimit?: number | null;
  readonly completionMode?: string | null;
  readonly completions?: number | null;
}

/** Finds what every workload kind has, each in its own place. */
export const workloadSubjectOf = {
  Deployment: ({ spec }: api.Deployment) => subjectOf('Deployment', { spec, replicas: spec?.replicas }),
  StatefulSet: ({ spec }: api.StatefulSet) =>
    subjectOf('StatefulSet', {
      spec,
      replicas: spec?.replicas,
      claims: spec?.volumeClaimTemplates,
      serviceName: spec?.serviceName,
    }),
  DaemonSet: ({ spec }: api.DaemonSet) => subjectOf('DaemonSet', { spec }),
  ReplicaSet: ({ spec }: api.ReplicaSet) => subjectOf('ReplicaSet', { spec, replicas: spec?.replicas }),
  /** An empty selector is that of the template's labels (SetDefaults_ReplicationController, pkg/apis/core/v1, 1.34). */
  ReplicationController: ({ spec }: api.ReplicationController) => {
    const given = spec?.selector ?? {};
    const labels = spec?.template?.metadata?.labels ?? {};
    const matchLabels = Object.keys(given).length === 0 ? labels : given;
    return subjectOf('ReplicationController', {
      spec: { template: spec?.template ?? null, selector: { matchLabels } },
      replicas: spec?.replicas,
    });
  },
  Job: ({ spec }: api.Job) => subjectOf('Job', { spec, replicas: spec?.parallelism, key: 'parallelism' }),
  CronJob: ({ spec: cron }: api.CronJob) => {
    const spec = cron?.jobTemplate?.spec;
    const path = ['spec', 'jobTemplate', 'spec'];
    return subjectOf('CronJob', { spec, replicas: spec?.parallelism, key: 'parallelism', path });
  },
};

function subjectOf(
  kind: Workload['kind'],
  from: {
    readonly spec: SpecWithTemplate | null | undefined;
    readonly replicas?: number | null | undefined;
    readonly key?: string;
    readonly path?: FieldPath;
    readonly serviceName?: string | null | undefined;
    readonly claims?: api.StatefulSetSpec['volumeClaimTemplates'] | undefined;
  },
): WorkloadSubject {
  const { spec, replicas, key = 'replicas', path = ['spec'], claims, serviceName } = from;
  const template = spec?.template ?? {};
  const metadata = template.metadata ?? {};
  const metadataPath = [...path, 'template', 'metadata'];
  const podSpec = template.spec ?? {};
  const podPath = [...path, 'template', 'spec'];
  return {
    kind,
    selector: spec?.selector,
    replicas: replicas ?? undefined,
    replicasPath: [...path, key],
    serviceName: serviceName ?? '',
    revisionHistoryLimit: spec?.revisionHistoryLimit ?? undefined,
    indexedCompletions: spec?.completionMode === 'Indexed' ? (spec.completions ?? undefined) : undefined,
    template,
    podMetadata: { kind, metadata, path: metadataPath },
    pod: {
      spec: podSpec,
      path: podPath,
      containers: placeContainers(podSpec, podPath),
      metadata,
      metadataPath,
      isTemplate: true,
      claims: (claims ?? []).map((claim, index) => ({
        name: claim?.metadata?.name ?? '',
        spec: claim?.spec ?? {},
        path: [...path, 'volumeClaimTemplates', index, 'spec'],
      })),
      status: {},
    },
  };
}

/** What stands for the claim templates of a StatefulSet, which are not in the pod itself. */
const CLAIMS = { volumeClaimTemplates: true };

/** The parts of a pod whose fields decide which rules can find something in it. */
export function partsOfPod({ spec, metadata, status, containers, claims }: PodSubject): readonly object[] {
  const parts: object[] = [spec, metadata, status, ...containers.map(({ container }) => container)];
  if (claims.length > 0) parts.push(CLAIMS);
  return parts;
}
