import { resolveFamilies } from '../../../compile.ts';
import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import type { ExplainRequest, RuleSource } from '../../../explain/explain.ts';
import type { Cluster, IPFamily } from '../../../model/cluster.ts';
import { IP_FAMILIES } from '../../../model/ip.ts';
import type { NodeStates } from '../../../model/node-state.ts';
import type { ProxyConfig, RuleLayout } from '../../../model/proxy-config.ts';
import { type NodeDump, readNodeDump } from '../../../modes/node-dump.ts';
import { viewNode } from '../../../resolve/proxy/node-view.ts';
import { readCluster } from '../../input/read-cluster.ts';
import { readDump, versionOfDump } from '../../input/read-dump.ts';
import type { ClusterFlags } from '../../options/cluster-options.ts';
import type { ConnectionFlags } from '../../options/connection-options.ts';
import type { InputFlags } from '../../options/input-options.ts';
import { wantedSetting } from '../../options/output-options.ts';
import type { ProxyFlags } from '../../options/proxy-options.ts';
import type { Terminal } from '../../terminal.ts';

export interface ExplainInputFlags extends InputFlags, ClusterFlags, ProxyFlags, ConnectionFlags {
  readonly rules?: string;
  readonly family?: IPFamily;
  readonly layout?: RuleLayout;
}

interface Request {
  /** Of manifests; empty: there are none. */
  readonly paths: readonly string[];
  readonly flags: ExplainInputFlags;
  readonly config: ProxyConfig;
}

export interface ExplainInput {
  /** Not to be used when there are errors. */
  readonly request: Omit<ExplainRequest, 'client' | 'target'>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads manifests, rules, or both, and what they say of the node. */
export function readExplainInput({ paths, flags, config }: Request, terminal: Terminal): ExplainInput {
  const identity = { name: config.nodeName, ips: config.nodeIPs };
  const read = paths.length === 0 ? undefined : readCluster({ paths, flags, node: identity }, terminal);
  const { states, diagnostics } = resolveWanted(read?.cluster, config, flags);
  const family = rulesFamily(flags, states);
  const node =
    flags.rules === undefined
      ? undefined
      : readDump(flags.rules, (source) => readNodeDump(source, family), terminal);
  const version = node === undefined ? { diagnostics: [] } : versionOfDump(node, flags);
  const own: RuleSource = {
    kind: 'own',
    setting: wantedSetting(flags, config),
  };
  return {
    request: {
      rules: node?.dump === undefined ? own : dumpOfFamily(node.dump, flags.family),
      cluster: read?.cluster,
      states,
      nodeName: config.nodeName,
      nodeIPs: viewNode(read?.cluster?.nodes ?? [], config).addresses,
    },
    diagnostics: [
      ...(read?.diagnostics ?? []),
      ...diagnostics,
      ...(node?.diagnostics ?? []),
      ...version.diagnostics,
    ],
  };
}

/** @param family the one that is wanted, of a dump that has both */
function dumpOfFamily(dump: NodeDump, family: IPFamily | undefined): NodeDump {
  if (dump.kind === 'saved') return dump;
  const { tables, others } = dump.ruleset;
  const wanted = tables.filter((table) => family === undefined || table.family === family);
  return { kind: 'listed', ruleset: { tables: wanted, others } };
}

interface Resolved {
  readonly states: NodeStates;
  readonly diagnostics: readonly Diagnostic[];
}

/** With the rules of a node, what manifests leave open about it does not matter. */
function resolveWanted(
  cluster: Cluster | undefined,
  config: ProxyConfig,
  flags: ExplainInputFlags,
): Resolved {
  if (cluster === undefined) return { states: new Map(), diagnostics: [] };
  const { states, diagnostics } = resolveFamilies(cluster, config, wantedFamilies(flags));
  const counted = flags.rules === undefined ? diagnostics : [];
  return { states: hasErrors(counted) ? new Map() : states, diagnostics: counted };
}

/** Of the rules: that of the address, else of the first that the manifests have Services in. */
function rulesFamily({ to, family }: ExplainInputFlags, states: NodeStates): IPFamily {
  if (to.kind === 'address') return to.family;
  const served = [...states.values()].find(({ servicePorts }) =>
    servicePorts.some(({ name }) => name.namespace === to.namespace && name.name === to.name),
  );
  return family ?? served?.family ?? 'IPv4';
}

function wantedFamilies({ to, family }: ExplainInputFlags): readonly IPFamily[] {
  if (to.kind === 'address') return [to.family];
  return family === undefined ? IP_FAMILIES : [family];
}
