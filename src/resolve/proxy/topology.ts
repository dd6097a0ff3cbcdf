import type { Candidate } from './candidates.ts';

/** What of a node decides which endpoints it may use. */
export interface NodeIdentity {
  readonly name: string | undefined;
  readonly zone: string | undefined;
}

export type TopologyMode = 'any' | 'same-node' | 'same-zone';

/** How hints of ready endpoints narrow the choice. */
export interface Topology {
  readonly mode: TopologyMode;
  /** Hints are complete, so which endpoints are used depends on the node. */
  readonly isHinted: boolean;
  /** Zone hints are void only because the node's zone is not known. */
  readonly lacksZone: boolean;
}

export const UNHINTED: Topology = { mode: 'any', isHinted: false, lacksZone: false };
const SAME_NODE: Topology = { mode: 'same-node', isHinted: true, lacksZone: false };
const SAME_ZONE: Topology = { mode: 'same-zone', isHinted: true, lacksZone: false };
const NOT_FOR_THIS_NODE: Topology = { mode: 'any', isHinted: true, lacksZone: false };
const ZONE_UNKNOWN: Topology = { mode: 'any', isHinted: true, lacksZone: true };

/**
 * Which hints count, as `topologyModeFromHints` of kube-proxy 1.34 (topology.go): node hints when every ready endpoint
 * has one and one of them names this node, else zone hints on the same terms, else none.
 */
export function topologyOf(candidates: readonly Candidate[], node: NodeIdentity): Topology {
  const hints = scanHints(candidates, node);
  if (!hints.allForNodes && !hints.allForZones) return UNHINTED;
  if (hints.allForNodes && hints.oneForNode) return SAME_NODE;
  if (!hints.allForZones) return NOT_FOR_THIS_NODE;
  if (hints.oneForZone) return SAME_ZONE;
  return node.zone === undefined ? ZONE_UNKNOWN : NOT_FOR_THIS_NODE;
}

/** Whether a ready endpoint may be used in this mode. */
export function isAvailable({ source }: Candidate, mode: TopologyMode, node: NodeIdentity): boolean {
  switch (mode) {
    case 'any':
      return true;
    case 'same-node':
      return node.name !== undefined && source.nodeHints.includes(node.name);
    case 'same-zone':
      return node.zone !== undefined && source.zoneHints.includes(node.zone);
  }
}

interface Hints {
  readonly allForNodes: boolean;
  readonly oneForNode: boolean;
  readonly allForZones: boolean;
  readonly oneForZone: boolean;
}

const NO_HINTS: Hints = { allForNodes: false, oneForNode: false, allForZones: false, oneForZone: false };

/** Ends at the first ready endpoint that makes hints void: usually the very first. */
function scanHints(candidates: readonly Candidate[], node: NodeIdentity): Hints {
  let [hasReady, allForNodes, oneForNode, allForZones, oneForZone] = [false, true, false, true, false];
  for (const candidate of candidates) {
    const { ready, nodeHints, zoneHints } = candidate.source;
    if (!ready) continue;
    hasReady = true;
    allForNodes &&= nodeHints.length > 0;
    allForZones &&= zoneHints.length > 0;
    if (!allForNodes && !allForZones) return NO_HINTS;
    oneForNode ||= isAvailable(candidate, 'same-node', node);
    oneForZone ||= isAvailable(candidate, 'same-zone', node);
  }
  return hasReady ? { allForNodes, oneForNode, allForZones, oneForZone } : NO_HINTS;
}
