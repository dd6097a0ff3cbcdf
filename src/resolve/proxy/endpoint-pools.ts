import type { Endpoint, EndpointPool } from '../../model/node-state.ts';
import type { Candidate } from './candidates.ts';
import { isAvailable, type NodeIdentity, type Topology, topologyOf, UNHINTED } from './topology.ts';

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

type Condition = (candidate: Candidate) => boolean;

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
  candidates: readonly Candidate[],
  used: PoolsUsed,
  node: NodeIdentity,
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

function isUsable({ source }: Candidate): boolean {
  return source.ready || (source.serving && source.terminating);
}

function isReady({ source }: Candidate): boolean {
  return source.ready;
}

function isLocal(candidate: Candidate): boolean {
  return candidate.isLocal;
}

function isServingWhileTerminating({ source }: Candidate): boolean {
  return source.serving && source.terminating;
}

function clusterCandidates(
  candidates: readonly Candidate[],
  { mode }: Topology,
  node: NodeIdentity,
): readonly Candidate[] {
  const ready = readyOrServing(candidates);
  return mode === 'any' ? ready : ready.filter((candidate) => isAvailable(candidate, mode, node));
}

function localCandidates(candidates: readonly Candidate[]): readonly Candidate[] {
  return readyOrServing(candidates.filter(isLocal));
}

function readyOrServing(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.every(isReady)) return candidates;
  const condition: Condition = candidates.some(isReady) ? isReady : isServingWhileTerminating;
  return candidates.filter(condition);
}

function poolOf(
  scope: EndpointPool['scope'],
  candidates: readonly Candidate[] | undefined,
): EndpointPool | undefined {
  if (candidates === undefined || candidates.length === 0) return undefined;
  return { scope, endpoints: candidates };
}

function union(
  candidates: readonly Candidate[],
  cluster: EndpointPool | undefined,
  local: EndpointPool | undefined,
): readonly Endpoint[] {
  if (cluster === undefined || local === undefined) return (cluster ?? local)?.endpoints ?? [];
  const members = new Set<Endpoint>([...cluster.endpoints, ...local.endpoints]);
  if (members.size === cluster.endpoints.length) return cluster.endpoints;
  return candidates.filter((candidate) => members.has(candidate));
}
