import { type ClusterSide, compareClusters, driftOfNode } from '../compare/compare.ts';
import { type DriftReport, isAsWanted, isSame, type TrafficReport } from '../compare/report.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { IPFamily } from '../model/cluster.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import type { ProxyConfig } from '../model/proxy-config.ts';
import { checkPodRanges } from '../modes/dump/tell/dumped-ranges.ts';
import { MODES } from '../modes/index.ts';
import { checkServing, type ServingWords } from './check-serving.ts';
import { chooseLayout, type RuleOptions } from './choose-output.ts';
import { type NodeInput, readInput, usableInput } from './compile.ts';
import { conclude, type WithDiagnostics } from './conclude.ts';
import type { LoadedManifests, Manifests } from './load.ts';
import type { ReadNode } from './node.ts';
import type { NodeOptions } from './node-options.ts';
import { checkWhole, type NodeText, nodeTextOf, readDump } from './node-text.ts';
import type { ClusterOptions, ManifestOptions, PolicyOptions, TextFile } from './options.ts';
import { listOf, oneOf, optionReader } from './read-options.ts';
import { resolveNode } from './resolve-node.ts';

/** What is compared. */
export interface ComparisonOptions extends RuleOptions {
  /** Default: both; of the rules of a node those that its tools print at once. */
  readonly families?: readonly IPFamily[] | undefined;
}

export interface CompareOptions extends ClusterOptions, NodeOptions, ComparisonOptions {}

export interface ComparedTraffic extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly report: TrafficReport | undefined;
  /** Nothing differs, for clients or in the rules. */
  readonly isSame: boolean;
}

/**
 * What a change of manifests does to traffic, Service by Service, as `svcgen diff` does. Without `nodeName`, all nodes are
 * compared at once. Warnings are those of `after`.
 */
export function compare(before: Manifests, after: Manifests, options: CompareOptions = {}): ComparedTraffic {
  const { loaded: old, node } = readInput(before, options);
  const { loaded: now } = readInput(after, options);
  return compareOf({ before: old, after: now, node, hasLock: options.lock !== undefined }, options);
}

/** Two sides, read. */
export interface CompareInput {
  readonly before: LoadedManifests;
  readonly after: LoadedManifests;
  readonly node: ReadNode;
  /** What is allocated comes from a lock file. */
  readonly hasLock: boolean;
}

/** The same of what has been read. What is only doubtful about the old side is nobody's business any more. */
export function compareOf(
  { before, after, node, hasLock }: CompareInput,
  options: ComparisonOptions & PolicyOptions,
): ComparedTraffic {
  const chosen = node.config && chooseComparison(options, node.config, IP_FAMILIES);
  const usable = usableInput({ loaded: after, node }, chosen);
  const [old, now] = [sideOf(before), sideOf(after)];
  const compared =
    usable === undefined || old === undefined || now === undefined
      ? undefined
      : compareClusters({ before: old, after: now, config: usable.config, ...usable.chosen, hasLock });
  const serving = { diagnostics: usable === undefined ? [] : checkServing(usable.cluster, AFTER_CHANGE) };
  const errorsBefore = { diagnostics: before.diagnostics.filter(({ severity }) => severity === 'error') };
  const { diagnostics, ...end } = conclude(options, [node, chosen, errorsBefore, after, compared, serving]);
  if (compared?.report === undefined || end.hasErrors)
    return { report: undefined, isSame: false, diagnostics };
  return { report: compared.report, isSame: isSame(compared.report), diagnostics };
}

const AFTER_CHANGE: ServingWords = {
  withoutServices: 'nothing is served any more',
  withoutEndpoints: 'every connection to one is refused',
};

function sideOf({ cluster, lock }: LoadedManifests): ClusterSide | undefined {
  return cluster === undefined || lock === undefined ? undefined : { cluster, lock };
}

function chooseComparison(options: ComparisonOptions, { mode }: ProxyConfig, all: readonly IPFamily[]) {
  const reader = optionReader();
  const families = reader.read(['families'], options.families, listOf(oneOf(IP_FAMILIES))) ?? all;
  return { ...chooseLayout(options, mode, reader), families };
}

export interface ComparedNode extends WithDiagnostics {
  /** undefined: there are errors. */
  readonly report: DriftReport | undefined;
  /** The node has the rules that manifests want. */
  readonly isSame: boolean;
}

/**
 * How the rules of a node have drifted from what manifests want, as `svcgen diff --rules` does.
 * @param rules what `iptables-save` printed on the node (in ipvs mode also `ipset save` and `ipvsadm-save -n`), in
 * nftables mode `nft list ruleset`
 */
export function compareWithNode(
  manifests: Manifests,
  rules: TextFile,
  options: CompareOptions = {},
): ComparedNode {
  return compareWithNodeOf(readInput(manifests, options), nodeTextOf(rules), options);
}

/** The same of what has been read. */
export function compareWithNodeOf(
  { loaded, node }: NodeInput,
  rules: NodeText,
  options: ComparisonOptions & ManifestOptions,
): ComparedNode {
  const mode = MODES[node.config?.mode ?? 'iptables'];
  const [family = 'IPv4'] = options.families ?? mode.dumpFamilies;
  const { dump, told, older, kubernetes, ...dumped } = readDump(rules, options, (source) =>
    mode.readDump(source, family),
  );
  const layout = options.layout ?? (dump && mode.tellLayout(dump));
  const chosen = node.config && chooseComparison({ ...options, layout }, node.config, mode.dumpFamilies);
  const config = node.config && { ...node.config, kubernetes: kubernetes ?? node.config.kubernetes };
  const usable = usableInput({ loaded, node: { ...node, config } }, chosen);
  const resolved = usable && resolveNode(usable.cluster, usable.config, usable.chosen.families);
  const checked =
    dump === undefined || chosen === undefined || hasErrors(dumped.diagnostics)
      ? []
      : [
          ...checkWhole(dump),
          ...mode.checkDump(dump, { layout: chosen.setting.layout, states: resolved?.states }),
          ...checkPodRanges(dump, resolved?.states),
        ];
  const parts = [node, chosen, loaded, resolved, dumped, { diagnostics: checked }];
  const { diagnostics, ...end } = conclude(options, parts);
  if (dump === undefined || usable === undefined || resolved === undefined || end.hasErrors)
    return { report: undefined, isSame: false, diagnostics };
  const { setting } = usable.chosen;
  const wanted = { cluster: usable.cluster, config: usable.config, setting, told, older };
  const report = driftOfNode(dump, resolved.states, wanted);
  return { report, isSame: isAsWanted(report), diagnostics };
}
