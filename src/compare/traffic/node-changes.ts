import {
  LARGE_CLUSTER_ENDPOINTS,
  type LocalDetector,
  type NodePortMatch,
  type NodeState,
} from '../../model/node-state.ts';
import type { DiffSide } from './service-traffic.ts';
import type { NodeChange } from './traffic-diff.ts';

/** What of a node, and of a cluster as a whole, has an effect on rules. */
const ASPECTS: readonly (readonly [string, (state: NodeState) => string])[] = [
  ['address of the node', ({ nodeIP }) => nodeIP ?? 'not known'],
  ['how its own pods are told', ({ localDetector }) => detectorText(localDetector)],
  ['where NodePorts answer', ({ nodePortAddresses }) => nodePortText(nodePortAddresses)],
  ['comments on endpoint rules', commentText],
];

/** What is otherwise about the node: its Node object may have changed, or the size of the cluster. */
export function compareNodes(before: DiffSide, after: DiffSide): readonly NodeChange[] {
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
