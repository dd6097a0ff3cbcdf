import type { PodTemplate, Workload } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import type { WorkloadSubject } from '../rule.ts';
import { toContainerPorts } from './container-ports.ts';
import { namespacedMeta } from './object-meta.ts';

/** A workload that has passed the rules, as later stages know it. */
export function toWorkload(
  { kind, replicas, template }: WorkloadSubject,
  metadata: api.ObjectMeta,
  manifest: Manifest,
): Workload {
  return {
    ...namespacedMeta(metadata, manifest),
    kind,
    replicas: replicas ?? 1,
    template: toPodTemplate(template),
  };
}

function toPodTemplate(template: api.PodTemplateSpec): PodTemplate {
  const spec = template.spec ?? {};
  return {
    labels: stringMap(template.metadata?.labels),
    nodeName: spec.nodeName || undefined,
    hostname: spec.hostname || undefined,
    subdomain: spec.subdomain || undefined,
    hostNetwork: spec.hostNetwork ?? false,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    containerPorts: toContainerPorts(spec),
  };
}
