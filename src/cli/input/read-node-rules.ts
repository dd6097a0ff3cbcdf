import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import { checkFamily } from '../../lang/iptables/read/check-saved-rules.ts';
import { emptyInput } from '../../lang/iptables/read/problems.ts';
import { readSavedRules, type SavedRules } from '../../lang/iptables/read/read-saved-rules.ts';
import { readSavedNode, type SavedNode } from '../../lang/ipvs/read/read-saved-ipvs.ts';
import { NOTHING_SAVED } from '../../lang/ipvs/ruleset.ts';
import { isRuleset, type ReadRuleset, readRuleset } from '../../lang/nftables/read/read-ruleset.ts';
import type { ListedRuleset } from '../../lang/nftables/ruleset.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { SourceText } from '../../model/source-text.ts';
import type { Terminal } from '../terminal.ts';
import { readRules } from './read-rules.ts';

/** The rules of a node, in the language that its text is in. */
export type NodeDump =
  | ({ readonly kind: 'saved' } & SavedNode)
  | { readonly kind: 'listed'; readonly ruleset: ListedRuleset; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads what `iptables-save` (of one family) or `nft list ruleset` printed on a node: the text tells which. Beside the
 * former there may be the output of `ipset save` and `ipvsadm --save --numeric`.
 */
export function readNodeDump(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): NodeDump {
  const source = readRules(path, terminal);
  if ('code' in source) return { kind: 'saved', tables: [], ipvs: NOTHING_SAVED, diagnostics: [source] };
  if (isRuleset(source.text)) return { kind: 'listed', ...readRuleset(source) };
  const node = ofFamily(source, readSavedNode(source), family);
  const isEmpty = node.tables.length === 0 && !hasErrors(node.diagnostics);
  const problems = isEmpty ? [emptyInput(source)] : [];
  return { kind: 'saved', ...node, diagnostics: [...node.diagnostics, ...problems] };
}

/** Reads the text of a node in ipvs mode: rules, sets and virtual servers. */
export function readIPVSNode(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): SavedNode {
  const source = readRules(path, terminal);
  if ('code' in source) return { tables: [], ipvs: NOTHING_SAVED, diagnostics: [source] };
  return ofFamily(source, readSavedNode(source), family);
}

/** Reads what a node's `iptables-save` printed, where it has to be that of one family. */
export function readNodeRules(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): SavedRules {
  const source = readRules(path, terminal);
  if ('code' in source) return { tables: [], diagnostics: [source] };
  return ofFamily(source, readSavedRules(source), family);
}

/** With an error where rules are those of the other family. */
function ofFamily<T extends SavedRules>({ file }: SourceText, read: T, family: IPFamily): T {
  const { tables, diagnostics } = read;
  if (hasErrors(diagnostics)) return read;
  return { ...read, diagnostics: [...diagnostics, ...checkFamily(file, tables, family)] };
}

/** Reads what `nft list ruleset` printed on a node, and nothing else. */
export function readListedRules(path: string, terminal: Pick<Terminal, 'readStdin'>): ReadRuleset {
  const source = readRules(path, terminal);
  return 'code' in source
    ? { ruleset: { tables: [], others: [] }, diagnostics: [source] }
    : readRuleset(source);
}
