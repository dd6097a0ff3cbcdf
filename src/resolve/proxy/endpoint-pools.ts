import type { Endpoint, EndpointPool } from '../../model/node-state.ts';
import type { EndpointCandidate } from './candidates.ts';

/** Which pools some delivery of a service port can ask for. */
export interface PoolsUsed {
  readonly cluster: boolean;
  readonly local: boolean;
}

/** The endpoints of a service port that this node may use. */
export interface EndpointPools {
  /** Some endpoint is usable somewhere in the cluster. */
  readonly hasUsable: boolean;
  /** undefined: not used, or nothing is usable anywhere. */
  readonly cluster: EndpointPool | undefined;
  /** undefined: not used, or nothing is usable on this node. */
  readonly local: EndpointPool | undefined;
  /** Those of both that there are. */
  readonly all: readonly EndpointPool[];
  /** The union of both pools, sorted. */
  readonly reachable: readonly Endpoint[];
  readonly topology: Topology;
}

type Condition = (candidate: EndpointCandidate) => boolean;

const UNHINTED: Topology = { reach: 'any', isHinted: false, lacksZone: false };
const SAME_NODE: Topology = { reach: 'same-node', isHinted: true, lacksZone: false };
const SAME_ZONE: Topology = { reach: 'same-zone', isHinted: true, lacksZone: false };
const NOT_FOR_THIS_NODE: Topology = { reach: 'any', isHinted: true, lacksZone: false };
const ZONE_UNKNOWN: Topology = { reach: 'any', isHinted: true, lacksZone: true };

const NO_POOLS: EndpointPools = {
  hasUsable: false,
  cluster: undefined,
  local: undefined,
  all: [],
  reachable: [],
  topology: UNHINTED,
};

/**
 * Sorts endpoints into pools, as `CategorizeEndpoints` of kube-proxy 1.34 (topology.go): ready endpoints (those that
 * topology hints leave, for the cluster pool), else those that terminate but still serve, decided for each pool on
 * its own.
 * @param candidates sorted, each once
 */
export function endpointPools(
  candidates: readonly EndpointCandidate[],
  used: PoolsUsed,
  node: NodeWithHints,
): EndpointPools {
  if (!candidates.some(isUsable)) return NO_POOLS;
  const topology = used.cluster ? topologyOf(candidates, node) : UNHINTED;
  const inCluster = used.cluster ? clusterCandidates(candidates, topology, node) : undefined;
  const inLocal = used.local ? localCandidates(candidates) : undefined;
  const cluster = poolOf('cluster', inCluster);
  const local = poolOf('local', inLocal);
  const all = [cluster, local].filter((pool) => pool !== undefined);
  return { hasUsable: true, cluster, local, all, reachable: union(candidates, cluster, local), topology };
}

function isUsable({ source }: EndpointCandidate): boolean {
  return source.ready || (source.serving && source.terminating);
}

function isReady({ source }: EndpointCandidate): boolean {
  return source.ready;
}

function isLocal(candidate: EndpointCandidate): boolean {
  return candidate.isLocal;
}

function isServingWhileTerminating({ source }: EndpointCandidate): boolean {
  return source.serving && source.terminating;
}

function clusterCandidates(
  candidates: readonly EndpointCandidate[],
  { reach }: Topology,
  node: NodePlace,
): readonly EndpointCandidate[] {
  const ready = readyOrServing(candidates);
  return reach === 'any' ? ready : ready.filter((candidate) => isAvailable(candidate, reach, node));
}

function localCandidates(candidates: readonly EndpointCandidate[]): readonly EndpointCandidate[] {
  return readyOrServing(candidates.filter(isLocal));
}

function readyOrServing(candidates: readonly EndpointCandidate[]): readonly EndpointCandidate[] {
  if (candidates.every(isReady)) return candidates;
  const condition: Condition = candidates.some(isReady) ? isReady : isServingWhileTerminating;
  return candidates.filter(condition);
}

function poolOf(
  scope: EndpointPool['scope'],
  candidates: readonly EndpointCandidate[] | undefined,
): EndpointPool | undefined {
  if (candidates === undefined || candidates.length === 0) return undefined;
  return { scope, endpoints: candidates };
}

function union(
  candidates: readonly EndpointCandidate[],
  cluster: EndpointPool | undefined,
  local: EndpointPool | undefined,
): readonly Endpoint[] {
  if (cluster === undefined || local === undefined) return (cluster ?? local)?.endpoints ?? [];
  const members = new Set<Endpoint>([...cluster.endpoints, ...local.endpoints]);
  if (members.size === cluster.endpoints.length) return cluster.endpoints;
  return candidates.filter((candidate) => members.has(candidate));
}

/** Which topology hints count. */
export interface HeededHints {
  readonly zones: boolean;
  readonly nodes: boolean;
}

interface NodeWithHints extends NodePlace {
  readonly hints: HeededHints;
}

/** What of a node decides which endpoints it may use. */
export interface NodePlace {
  readonly name: string | undefined;
  readonly zone: string | undefined;
}

type TopologyReach = 'any' | 'same-node' | 'same-zone';

/** How hints of ready endpoints narrow the choice. */
interface Topology {
  readonly reach: TopologyReach;
  /** Hints are complete, so which endpoints are used depends on the node. */
  readonly isHinted: boolean;
  /** Zone hints are void only because the node's zone is not known. */
  readonly lacksZone: boolean;
}

/**
 * Which hints count, as `topologyModeFromHints` of kube-proxy 1.34 (topology.go): node hints when every ready endpoint
 * has one and one of them names this node, else zone hints on the same terms, else none.
 */
function topologyOf(candidates: readonly EndpointCandidate[], node: NodeWithHints): Topology {
  const hints = scanHints(candidates, node);
  if (!hints.allForNodes && !hints.allForZones) return UNHINTED;
  if (hints.allForNodes && hints.oneForNode) return SAME_NODE;
  if (!hints.allForZones) return NOT_FOR_THIS_NODE;
  if (hints.oneForZone) return SAME_ZONE;
  return node.zone === undefined ? ZONE_UNKNOWN : NOT_FOR_THIS_NODE;
}

/** Whether a ready endpoint may be used so far. */
function isAvailable({ source }: EndpointCandidate, reach: TopologyReach, node: NodePlace): boolean {
  switch (reach) {
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
function scanHints(candidates: readonly EndpointCandidate[], node: NodeWithHints): Hints {
  let [hasReady, oneForNode, oneForZone] = [false, false, false];
  let { zones: allForZones, nodes: allForNodes } = node.hints;
  if (!allForZones && !allForNodes) return NO_HINTS;
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
