import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../diagnostic/has-errors.ts';
import type { IPFamily } from '../../model/cluster.ts';
import type { ListedRuleset } from '../../model/nftables.ts';
import type { SavedTable } from '../../model/ruleset.ts';
import type { SourceText } from '../../model/source-text.ts';
import { isRuleset, type ReadRuleset, readRuleset } from '../../trace/nft-ruleset/read-ruleset.ts';
import { checkFamily } from '../../trace/saved-rules/check-family.ts';
import { readSavedRules, type SavedRules } from '../../trace/saved-rules/read-saved-rules.ts';
import type { Terminal } from '../terminal.ts';
import { readRules } from './read-rules.ts';

/** The rules of a node, in the language that its text is in. */
export type NodeDump =
  | {
      readonly kind: 'saved';
      readonly tables: readonly SavedTable[];
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly kind: 'listed'; readonly ruleset: ListedRuleset; readonly diagnostics: readonly Diagnostic[] };

/** Reads what `iptables-save` (of one family) or `nft list ruleset` printed on a node: the text tells which. */
export function readNodeDump(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): NodeDump {
  const source = readRules(path, terminal);
  if ('code' in source) return { kind: 'saved', tables: [], diagnostics: [source] };
  if (isRuleset(source.text)) return { kind: 'listed', ...readRuleset(source) };
  return { kind: 'saved', ...savedRules(source, family) };
}

/** Reads what a node's `iptables-save` printed, where it has to be that of one family. */
export function readNodeRules(
  path: string,
  family: IPFamily,
  terminal: Pick<Terminal, 'readStdin'>,
): SavedRules {
  const source = readRules(path, terminal);
  return 'code' in source ? { tables: [], diagnostics: [source] } : savedRules(source, family);
}

function savedRules(source: SourceText, family: IPFamily): SavedRules {
  const { tables, diagnostics } = readSavedRules(source);
  if (hasErrors(diagnostics)) return { tables, diagnostics };
  return { tables, diagnostics: [...diagnostics, ...checkFamily(source.file, tables, family)] };
}

/** Reads what `nft list ruleset` printed on a node, and nothing else. */
export function readListedRules(path: string, terminal: Pick<Terminal, 'readStdin'>): ReadRuleset {
  const source = readRules(path, terminal);
  return 'code' in source
    ? { ruleset: { tables: [], others: [] }, diagnostics: [source] }
    : readRuleset(source);
}
