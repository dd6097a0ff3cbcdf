import { driftOfNode } from '../../../compare/compare.ts';
import { resolveFamilies } from '../../../compile.ts';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { applyPolicy } from '../../../diagnostic/policy.ts';
import type { Cluster, IPFamily } from '../../../model/cluster.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import { MODES } from '../../../modes/index.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readDump, versionOfDump } from '../../input/read-dump.ts';
import { policyOf } from '../../options/input-options.ts';
import { wantedSetting } from '../../options/output-options.ts';
import { EXIT } from '../../output/exit-code.ts';
import { report } from '../../output/report.ts';
import type { Terminal } from '../../terminal.ts';
import { checkFamily } from '../render/family-check.ts';
import { printDrift } from './print-diff.ts';
import { type DiffAnswer, type DiffRequest, TROUBLE } from './request.ts';

/** What manifests are compared with. */
export interface Drift {
  readonly paths: readonly string[];
  /** Where the rules of a node are. */
  readonly rules: string;
}

/** Says how the rules of a node have drifted from what manifests want. */
export async function diffRules(
  { paths, rules }: Drift,
  request: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const { flags, config } = request;
  const mode = MODES[config.mode];
  const families = flags.family === undefined ? mode.dumpFamilies : [flags.family];
  const setting = wantedSetting(flags, config);
  const read = readCluster({ paths, flags, node: { name: config.nodeName, ips: config.nodeIPs } }, terminal);
  const resolved = hasErrors(request.diagnostics) ? undefined : resolveNode(read.cluster, request, families);
  const [family = 'IPv4'] = families;
  const wanted = { layout: setting.layout, family, states: resolved?.states };
  const node = readDump(rules, (source) => mode.readDump(source, wanted), terminal);
  const version = versionOfDump(node, flags);
  const found = [request, read, ...(resolved === undefined ? [] : [resolved]), node, version];
  const diagnostics = applyPolicy(
    found.flatMap((each) => each.diagnostics),
    policyOf(flags),
  );
  await report(diagnostics, flags, terminal);
  if (resolved === undefined || node.dump === undefined || hasErrors(diagnostics)) return TROUBLE;
  const drift = driftOfNode(node.dump, resolved.states, { config, setting });
  const text = await printDrift(drift, flags.output, terminal);
  return { exitCode: drift.chains.length === 0 ? EXIT.ok : EXIT.differs, text };
}

interface ResolvedNode {
  readonly states: NodeStates;
  readonly diagnostics: readonly Diagnostic[];
}

function resolveNode(
  cluster: Cluster | undefined,
  { config }: DiffRequest,
  families: readonly IPFamily[],
): ResolvedNode | undefined {
  if (cluster === undefined) return undefined;
  const { states, diagnostics } = resolveFamilies(cluster, config, families);
  return { states, diagnostics: [...diagnostics, ...checkFamily(cluster, states)] };
}
