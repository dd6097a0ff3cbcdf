import type { ServiceCIDR } from '../../model/cluster.ts';
import type { Manifest } from '../../model/manifest.ts';
import type * as api from '../generated/shapes.js';
import { canonicalCIDRs } from './canonical.ts';
import { clusterMeta } from './object-meta.ts';

/** A ServiceCIDR that has passed the rules, as later stages know it. */
export function toServiceCIDR({ metadata, spec }: api.ServiceCIDR, manifest: Manifest): ServiceCIDR {
  return { ...clusterMeta(metadata, manifest), cidrs: canonicalCIDRs(spec?.cidrs ?? []) };
}
