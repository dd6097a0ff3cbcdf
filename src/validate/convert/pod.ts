import type { Pod } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import type * as api from '../generated/shapes.js';
import { canonicalIPs } from './canonical.ts';
import { toContainerPorts } from './container-ports.ts';
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
