import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import type { IPFamily } from '../model/cluster.ts';
import { IP_FAMILIES } from '../model/ip.ts';
import { MODES } from '../modes/index.ts';
import { chooseLayout, type RuleOptions } from './choose-output.ts';
import { type Compiled, failure, lockText, type NodeInput, readInput, usableInput } from './compile.ts';
import { compiledText } from './compiled-text.ts';
import { conclude } from './conclude.ts';
import type { Manifests } from './load.ts';
import type { NodeOptions } from './node-options.ts';
import { checkWhole, type NodeText, nodeTextOf, readDump } from './node-text.ts';
import type { ClusterOptions, ManifestOptions, TextFile } from './options.ts';
import { optionProblem } from './problem.ts';
import { oneOf, optionReader } from './read-options.ts';
import { resolveNode } from './resolve-node.ts';

/** Which rules of a node are brought up to date. */
export interface ChangesSelection extends RuleOptions {
  /** That of its rules. Default: those that one dump of the node has, for rules of iptables IPv4. */
  readonly family?: IPFamily | undefined;
}

export interface ChangesOptions extends ClusterOptions, NodeOptions, ChangesSelection {}

export interface CompiledChanges extends Compiled<'changes'> {
  /** The node has the rules that are wanted: there is nothing to load. */
  readonly isEmpty: boolean;
}

/**
 * What differs from the rules that a node has, for `iptables-restore --noflush` or `nft -f`, as `svcgen render --current`
 * prints it: artifact `changes`. Only in modes whose rules can be changed piece by piece.
 * @param current what `iptables-save` or `nft list ruleset` printed on the node
 */
export function compileChanges(
  manifests: Manifests,
  current: TextFile,
  options: ChangesOptions = {},
): CompiledChanges {
  return compileChangesOf(readInput(manifests, options), nodeTextOf(current), options);
}

/** The same of what has been read. */
export function compileChangesOf(
  { loaded, node }: NodeInput,
  saved: NodeText,
  options: ChangesSelection & ManifestOptions,
): CompiledChanges {
  const chosen = chooseChanges(node, options);
  const { families, mode } = chosen;
  const [family] = families;
  const current = mode.current.kind === 'changed' ? mode.current : undefined;
  const usable = usableInput({ loaded, node }, chosen);
  const resolved = usable && resolveNode(usable.cluster, usable.config, families);
  const dumped = current && readDump(saved, options, (source) => mode.readDump(source, family));
  const wanted = { layout: chosen.setting.layout, states: undefined };
  const found = dumped?.diagnostics.map(withoutRulesIsFine) ?? [];
  const checked =
    dumped?.dump === undefined || hasErrors(found)
      ? []
      : [...checkWhole(dumped.dump).map(asError), ...mode.checkDump(dumped.dump, wanted)];
  const readable = { diagnostics: [...found, ...checked] };
  const { diagnostics, ...end } = conclude(options, [node, chosen, loaded, resolved, readable]);
  if (end.hasErrors || resolved === undefined || current === undefined || dumped?.dump === undefined)
    return { ...failure({ diagnostics }), isEmpty: false };
  const { isEmpty, pieces } = current.changes(dumped.dump, resolved.states, chosen.setting);
  const text = compiledText({ fileName: current.fileName, chunks: pieces });
  return {
    artifacts: new Map([['changes', text]]),
    lock: lockText(loaded, resolved.states),
    diagnostics,
    isEmpty,
  };
}

function chooseChanges({ config }: NodeInput['node'], options: ChangesSelection) {
  const mode = MODES[config?.mode ?? 'iptables'];
  const reader = optionReader();
  const family = reader.read(['family'], options.family, oneOf(IP_FAMILIES));
  const families = family === undefined ? mode.dumpFamilies : [family];
  const { setting } = chooseLayout(options, mode.name, reader);
  const replaced =
    mode.current.kind === 'replaced' ? [optionProblem(['mode'], `${mode.name}: ${mode.current.why}`)] : [];
  return { mode, families, setting, diagnostics: [...reader.diagnostics, ...replaced] };
}

/** What is changed must be known: rules that the text lacks would be added a second time. */
function asError(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'error' };
}

/** A node that nobody has used yet has no rules. */
function withoutRulesIsFine(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'saved-rules-given' ? { ...diagnostic, severity: 'warning' } : diagnostic;
}
