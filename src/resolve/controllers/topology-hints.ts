import { TOPOLOGY_HINTS_ANNOTATION, TOPOLOGY_MODE_ANNOTATION } from '../../kubernetes/labels.ts';
import type { Service, StringMap } from '../../model/cluster.ts';

/** Which hints the ready endpoints of a service get: their own zone, their own node. */
export interface TopologyHints {
  readonly zones: boolean;
  readonly nodes: boolean;
}

const NONE: TopologyHints = { zones: false, nodes: false };
const SAME_ZONE: TopologyHints = { zones: true, nodes: false };
const SAME_NODE: TopologyHints = { zones: true, nodes: true };

/**
 * What `trafficDistribution` asks for (`trafficdist`, k8s.io/endpointslice 0.34). The topology-mode annotation goes
 * before it; its own hints depend on the CPUs of every node, which manifests do not tell, so it gets none, as in a
 * cluster whose nodes do not tell them either.
 */
export function topologyHintsOf({ trafficDistribution, annotations }: Service): TopologyHints {
  if (trafficDistribution === undefined || hasTopologyMode(annotations)) return NONE;
  switch (trafficDistribution) {
    case 'PreferClose':
    case 'PreferSameZone':
      return SAME_ZONE;
    case 'PreferSameNode':
      return SAME_NODE;
    default:
      return NONE;
  }
}

/** The older annotation wins over the newer one, whatever it holds. */
function hasTopologyMode(annotations: StringMap): boolean {
  const value = own(annotations, TOPOLOGY_HINTS_ANNOTATION) ?? own(annotations, TOPOLOGY_MODE_ANNOTATION);
  return value === 'Auto' || value === 'auto';
}

function own(map: StringMap, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
