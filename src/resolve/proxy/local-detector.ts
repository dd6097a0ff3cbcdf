import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { assertNever } from '../../diagnostic/invariant.ts';
import { aboutField, aboutRun } from '../../diagnostic/report.ts';
import type { IPFamily } from '../../model/cluster.ts';
import { familyOf } from '../../model/ip.ts';
import type { LocalDetector, MasqueradedClients } from '../../model/node-state.ts';
import type { DetectLocal, ProxyConfig } from '../../model/proxy-config.ts';
import type { ResolveCode } from '../codes.ts';
import type { NodeView } from './node-view.ts';

const NONE: LocalDetector = { kind: 'none' };

/**
 * How pods of this node are told from others in one family, as `GetLocalTrafficDetectors` of kube-proxy 1.34: the
 * first CIDR of the family counts; without one, nothing is detected.
 */
export function localDetector(detect: DetectLocal, family: IPFamily, node: NodeView): LocalDetector {
  switch (detect.kind) {
    case 'none':
      return NONE;
    case 'cluster-cidr':
      return byCIDR(detect.cidrs, family);
    case 'node-cidr':
      return byCIDR(node.object?.podCIDRs ?? [], family);
    case 'bridge-interface':
      return { kind: 'interface', name: detect.name };
    case 'interface-prefix':
      return { kind: 'interface-prefix', prefix: detect.prefix };
    default:
      return assertNever(detect);
  }
}

/**
 * Whose connections to clusterIPs are masqueraded: those that could be answered past this node, or all
 * (`--masquerade-all`).
 */
export function masqueradedClients(
  { masqueradeAll }: Pick<ProxyConfig, 'masqueradeAll'>,
  detector: LocalDetector,
): MasqueradedClients {
  if (masqueradeAll) return { kind: 'all' };
  return detector.kind === 'none' ? detector : { kind: 'foreign', detector };
}

/** An error when pods shall be told by the node's podCIDRs, and it has none. */
export function checkPodCIDRs(detect: DetectLocal, node: NodeView): readonly Diagnostic[] {
  if (detect.kind !== 'node-cidr' || (node.object !== undefined && node.object.podCIDRs.length > 0))
    return [];
  const report = {
    code: 'node-pod-cidr-known',
    severity: 'error',
    hint: 'add the Node object with its spec.podCIDRs, or use --detect-local-mode ClusterCIDR',
  } as const;
  if (node.object !== undefined) {
    const message = `pods of node "${node.name}" are told by its podCIDRs, and it has none`;
    return [aboutField<ResolveCode>('Node', node.object, ['spec', 'podCIDRs'], { ...report, message })];
  }
  const which = node.name === undefined ? 'the node, and --node is not given' : `node "${node.name}"`;
  const why = node.name === undefined ? '' : ', which is not in the input';
  return [aboutRun<ResolveCode>({ ...report, message: `pods are told by the podCIDRs of ${which}${why}` })];
}

function byCIDR(cidrs: readonly string[], family: IPFamily): LocalDetector {
  const cidr = cidrs.find((each) => familyOf(each) === family);
  return cidr === undefined ? NONE : { kind: 'cidr', cidr };
}
