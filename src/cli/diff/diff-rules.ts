import { driftOfNode } from '../../compare.ts';
import { resolveFamilies } from '../../compile.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { Cluster } from '../../model/cluster.ts';
import type { NodeState } from '../../model/node-state.ts';
import { checkTables } from '../../trace/saved-rules/check-tables.ts';
import { EXIT } from '../exit-code.ts';
import { checkFamily } from '../family-check.ts';
import { readNodeRules } from '../input/read-node-rules.ts';
import { wantedLayout } from '../options/output-options.ts';
import { printDrift } from '../print-diff.ts';
import { readCluster } from '../read-cluster.ts';
import { applyFlags, report } from '../report.ts';
import type { Terminal } from '../terminal.ts';
import { type DiffAnswer, type DiffRequest, TROUBLE } from './request.ts';

/** What manifests are compared with. */
export interface Drift {
  readonly paths: readonly string[];
  /** Where a node's `iptables-save` is. */
  readonly rules: string;
}

/** Says how the rules of a node have drifted from what manifests want. */
export async function diffRules(
  { paths, rules }: Drift,
  request: DiffRequest,
  terminal: Terminal,
): Promise<DiffAnswer> {
  const { flags, config } = request;
  const family = flags.family ?? 'IPv4';
  const node = { name: config.nodeName, ips: config.nodeIPs };
  const read = readCluster({ paths, flags, node }, terminal);
  const saved = readNodeRules(rules, family, terminal);
  const resolved = hasErrors(request.diagnostics) ? undefined : resolveNode(read.cluster, request);
  const found = [request, read, saved, ...(resolved === undefined ? [] : [resolved])];
  const diagnostics = applyFlags(
    [...found.flatMap((each) => each.diagnostics), ...checkTables(saved.tables)],
    flags,
  );
  await report(diagnostics, terminal);
  if (resolved?.state === undefined || hasErrors(diagnostics)) return TROUBLE;
  const setting = { mode: config.mode, layout: wantedLayout(flags, config.mode) };
  const drift = driftOfNode(saved.tables, resolved.state, { config, setting });
  const text = await printDrift(drift, flags.output, terminal);
  return { exitCode: drift.chains.length === 0 ? EXIT.ok : EXIT.differs, text };
}

function resolveNode(cluster: Cluster | undefined, { flags, config }: DiffRequest) {
  if (cluster === undefined) return undefined;
  const family = flags.family ?? 'IPv4';
  const { states, diagnostics } = resolveFamilies(cluster, config, [family]);
  const state: NodeState | undefined = states.get(family);
  return { state, diagnostics: [...diagnostics, ...checkFamily(cluster, states)] };
}
