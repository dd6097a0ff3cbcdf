import {
  LARGE_CLUSTER_ENDPOINTS,
  type LocalDetector,
  type NodePortMatch,
  type NodeState,
} from '../../model/node-state.ts';
import { compareService } from './compare-service.ts';
import { isSameService } from './equal-services.ts';
import { matchServices, type ServicePair } from './match-services.ts';
import { serviceFacts } from './service-facts.ts';
import { type DiffSide, type KeptService, trafficOf } from './service-traffic.ts';
import type { Change, NodeChange, ServiceDiff, TrafficDiff } from './traffic-diff.ts';

/** What a change of manifests does to traffic. Both sides hold the same families. */
export function compareTraffic(before: DiffSide, after: DiffSide): TrafficDiff {
  const pairs = matchServices(trafficOf(before), trafficOf(after));
  const services: ServiceDiff[] = [];
  for (const pair of pairs) {
    const difference = diffOf(pair, { before, after });
    if (difference !== undefined) services.push(difference);
  }
  return { services, unchanged: pairs.length - services.length, node: compareNodes(before, after) };
}

interface Sides {
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** undefined: nothing differs. */
function diffOf({ before, after }: ServicePair, sides: Sides): ServiceDiff | undefined {
  if (before === undefined) {
    return after && { kind: 'added', name: after.name, facts: serviceFacts(after) };
  }
  if (after === undefined) return { kind: 'removed', name: before.name, facts: serviceFacts(before) };
  const previousName = before.name === after.name ? undefined : before.name;
  const kept = { before, after };
  const changes = [...(isSameService(kept) ? [] : compareService(kept)), ...comparePlaces(kept, sides)];
  if (changes.length === 0 && previousName === undefined) return undefined;
  return { kind: 'changed', name: after.name, previousName, changes };
}

/**
 * Endpoints that stay and are on other nodes, or meant for others, as far as traffic goes by that. Nothing when a node
 * is given: then it shows in where connections go.
 */
function* comparePlaces(services: KeptService, sides: Sides): Generator<Change> {
  const was = sides.before.placesOf?.(services.before.service);
  const is = sides.after.placesOf?.(services.after.service);
  if (was === undefined || is === undefined) return;
  for (const [address, after] of is) {
    const before = was.get(address);
    if (before !== undefined && before !== after) yield { kind: 'place', address, before, after };
  }
}

/** What rules depend on beside Services: the node, and the cluster as a whole. */
const ASPECTS: readonly (readonly [string, (state: NodeState) => string])[] = [
  ['address of the node', ({ nodeIP }) => nodeIP ?? 'not known'],
  ['how its own pods are told', ({ localDetector }) => detectorText(localDetector)],
  ['where NodePorts answer', ({ nodePortAddresses }) => nodePortText(nodePortAddresses)],
  ['comments on endpoint rules', commentText],
];

/** How the node changed: its Node object may be another, or the cluster larger. */
function compareNodes(before: DiffSide, after: DiffSide): readonly NodeChange[] {
  return [...after.states].flatMap(([family, state]) => {
    const previous = before.states.get(family);
    if (previous === undefined) return [];
    return ASPECTS.map(([aspect, textOf]) => ({
      aspect,
      family,
      before: textOf(previous),
      after: textOf(state),
    })).filter((change) => change.before !== change.after);
  });
}

function detectorText(detector: LocalDetector): string {
  switch (detector.kind) {
    case 'none':
      return 'not at all';
    case 'cidr':
      return detector.cidr;
    case 'interface':
      return `interface ${detector.name}`;
    case 'interface-prefix':
      return `interfaces ${detector.prefix}+`;
  }
}

function nodePortText(match: NodePortMatch): string {
  if (match.kind === 'local') return 'everywhere';
  return match.addresses.length === 0 ? 'nowhere' : match.addresses.join(', ');
}

function commentText({ isLargeCluster, ipvs }: NodeState): string {
  if (ipvs !== undefined) return 'none';
  return isLargeCluster ? `none above ${LARGE_CLUSTER_ENDPOINTS} endpoints` : 'yes';
}
