import { ZONE_LABEL } from '../../kubernetes/labels.ts';
import type { Node } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import { stringList } from '../defaults/zero-values.ts';
import type * as api from '../generated/shapes.js';
import { canonicalCIDRs, canonicalIPs } from './canonical.ts';
import { clusterMeta } from './object-meta.ts';

/** A Node that has passed the rules, as later stages know it. */
export function toNode({ metadata, spec, status }: api.Node, manifest: Manifest): Node {
  const meta = clusterMeta(metadata, manifest);
  return {
    namespace: meta.namespace,
    name: meta.name,
    labels: meta.labels,
    annotations: meta.annotations,
    locate: meta.locate,
    addresses: [...addressesOf(status, 'InternalIP'), ...addressesOf(status, 'ExternalIP')],
    podCIDRs: canonicalCIDRs(podCIDRsOf(spec ?? {})),
    zone: meta.labels[ZONE_LABEL] || undefined,
  };
}

function addressesOf(status: api.NodeStatus | null | undefined, type: string): readonly string[] {
  const ofType = (status?.addresses ?? []).filter((address) => address?.type === type);
  return canonicalIPs(ofType.map((address) => address?.address ?? ''));
}

/** `podCIDRs`, else the one `podCIDR` of old. */
export function podCIDRsOf(spec: api.NodeSpec): readonly string[] {
  const podCIDRs = stringList(spec.podCIDRs);
  return podCIDRs.length === 0 && spec.podCIDR ? [spec.podCIDR] : podCIDRs;
}
