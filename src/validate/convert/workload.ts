import type { PodTemplate, Workload } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { toContainerPorts } from './container-ports.ts';
import { namespacedMeta } from './object-meta.ts';

/** A template of pods, and how many pods of it are wanted (undefined: one). */
export interface TemplateOwner {
  readonly metadata: api.ObjectMeta | null | undefined;
  readonly template: api.PodTemplateSpec | null | undefined;
  readonly replicas: number | null | undefined;
}

/** Finds what every workload kind has, each in its own place. */
export const templateOwnerOf = {
  Deployment: ({ metadata, spec }: api.Deployment) => ownerOf(metadata, spec, spec?.replicas),
  StatefulSet: ({ metadata, spec }: api.StatefulSet) => ownerOf(metadata, spec, spec?.replicas),
  DaemonSet: ({ metadata, spec }: api.DaemonSet) => ownerOf(metadata, spec, undefined),
  ReplicaSet: ({ metadata, spec }: api.ReplicaSet) => ownerOf(metadata, spec, spec?.replicas),
  Job: ({ metadata, spec }: api.Job) => ownerOf(metadata, spec, spec?.parallelism),
  CronJob: ({ metadata, spec }: api.CronJob) => {
    const job = spec?.jobTemplate?.spec;
    return ownerOf(metadata, job, job?.parallelism);
  },
};

function ownerOf(
  metadata: api.ObjectMeta | null | undefined,
  spec: { readonly template?: api.PodTemplateSpec | null } | null | undefined,
  replicas: number | null | undefined,
): TemplateOwner {
  return { metadata, template: spec?.template, replicas };
}

/** A workload that has passed the rules, as later stages know it. */
export function toWorkload(kind: Workload['kind'], owner: TemplateOwner, manifest: Manifest): Workload {
  return {
    ...namespacedMeta(owner.metadata, manifest),
    kind,
    replicas: owner.replicas ?? 1,
    template: toPodTemplate(owner.template),
  };
}

function toPodTemplate(template: api.PodTemplateSpec | null | undefined): PodTemplate {
  const spec = template?.spec ?? {};
  return {
    labels: stringMap(template?.metadata?.labels),
    nodeName: spec.nodeName || undefined,
    hostname: spec.hostname || undefined,
    subdomain: spec.subdomain || undefined,
    hostNetwork: spec.hostNetwork ?? false,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    containerPorts: toContainerPorts(spec),
  };
}
