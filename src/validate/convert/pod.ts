import { HOOK_ANNOTATIONS } from '../../kubernetes/labels.ts';
import { toProtocol } from '../../kubernetes/protocols.ts';
import type { ContainerPort, Pod, PodTemplate, Workload } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringMap } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import type { WorkloadSubject } from '../rule.ts';
import { canonicalIPs } from './canonical.ts';
import { namespacedMeta } from './object-meta.ts';

/** A Pod that has passed the rules, as later stages know it. */
export function toPod({ metadata, spec: givenSpec, status }: api.Pod, manifest: Manifest): Pod {
  const spec = givenSpec ?? {};
  const meta = namespacedMeta(metadata, manifest);
  return {
    namespace: meta.namespace,
    name: meta.name,
    labels: meta.labels,
    annotations: meta.annotations,
    locate: meta.locate,
    uid: metadata?.uid || undefined,
    phase: status?.phase ?? '',
    podIPs: canonicalIPs(podIPsOf(status ?? {})),
    isReady: isReady(status ?? {}),
    isTerminating: typeof metadata?.deletionTimestamp === 'string',
    nodeName: spec.nodeName || undefined,
    hostname: spec.hostname || undefined,
    subdomain: spec.subdomain || undefined,
    hostNetwork: spec.hostNetwork ?? false,
    enableServiceLinks: spec.enableServiceLinks ?? true,
    containerPorts: toContainerPorts(spec),
  };
}

/**
 * Whether a Pod or a Job is one that an installation runs and that then ends ("helm template" prints tests, too). Charts give
 * them the labels that Services select. Those that a cluster has started have a status, which says what they are.
 */
export function isHook({ annotations }: api.ObjectMeta): boolean {
  return HOOK_ANNOTATIONS.some((name) => Object.hasOwn(annotations ?? {}, name));
}

/** `podIPs`, else the one `podIP` of old. */
function podIPsOf(status: api.PodStatus): readonly string[] {
  const podIPs = (status.podIPs ?? []).map((entry) => entry?.ip ?? '');
  return podIPs.length === 0 && status.podIP ? [status.podIP] : podIPs;
}

function isReady(status: api.PodStatus): boolean {
  return (status.conditions ?? []).some(
    (condition) => condition?.type === 'Ready' && condition.status === 'True',
  );
}

/**
 * Ports of the containers that run while the pod does: containers, then sidecars (init containers that are always
 * restarted), the order in which the endpoints controllers look for a port's name.
 */
function toContainerPorts(spec: api.PodSpec): readonly ContainerPort[] {
  const sidecars = (spec.initContainers ?? []).filter((container) => container?.restartPolicy === 'Always');
  return [...(spec.containers ?? []), ...sidecars].flatMap((container) =>
    (container?.ports ?? []).map((port) => ({
      name: port?.name ?? '',
      containerPort: port?.containerPort ?? 0,
      protocol: toProtocol(port?.protocol),
    })),
  );
}

/** A workload that has passed the rules, as later stages know it. */
export function toWorkload(
  { kind, replicas, template, serviceName }: WorkloadSubject,
  metadata: api.ObjectMeta,
  manifest: Manifest,
): Workload {
  return {
    ...namespacedMeta(metadata, manifest),
    kind,
    replicas: replicas ?? 1,
    template: toPodTemplate(template),
    ...(serviceName === '' ? {} : { serviceName }),
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
