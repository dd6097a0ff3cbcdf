import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { tableName } from '../../../lang/iptables/kernel-tables.ts';
import type { TableName } from '../../../lang/iptables/ruleset.ts';
import { FAMILIES } from '../../../lang/nftables/family.ts';
import { textProblem } from '../../../lang/text/text-problem.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import type { SourceText } from '../../../model/source-text.ts';
import type { NodeDump, ReadDump } from '../node-dump.ts';
import { toldByLine, toldByName } from './loose-rules.ts';

/** What `iptables-nft-save` prints in place of a table in which a rule is that only nft can print (iptables 1.8). */
const UNSHOWN = /^# Table `([a-z]{1,20})' is incompatible, use 'nft' tool\.\r?$/gm;

/**
 * An error where a text says that it does not show the rules of a table, and nothing else in it does: they must not be taken for
 * none. Whoever follows packets takes what nft listed of it, too.
 */
export function withUnshown<Dump extends NodeDump>(
  read: ReadDump<Dump>,
  source: SourceText,
  family: IPFamily,
): ReadDump<Dump> {
  const shown = new Set([...savedTables(read.dump), ...listedTables(read.dump, family)]);
  return orUnshown(read, unshownTable(source, family, shown, NFT_LISTS_IT));
}

/** The same for whoever compares rules of iptables with others, which takes nothing that nft listed. */
export function withUnsaved<Dump extends NodeDump>(
  read: ReadDump<Dump>,
  source: SourceText,
  family: IPFamily,
): ReadDump<Dump> {
  const shown = new Set([...savedTables(read.dump), ...TABLES_OF_OTHERS]);
  return orUnshown(read, unshownTable(source, family, shown, NOT_COMPARED));
}

/** Modes with rules of iptables compare none of them. */
const TABLES_OF_OTHERS: readonly TableName[] = ['raw', 'mangle', 'security'];

const NFT_LISTS_IT = 'add what "nft list ruleset" prints: it has the rules of that table, too';
const NOT_COMPARED =
  'look with "nft list ruleset" for the rules there that iptables did not make, and remove them; "svcgen explain --rules" reads that output as it is';

function savedTables(dump: NodeDump): readonly string[] {
  return dump.kind === 'saved' ? dump.tables.map(({ name }) => name) : [];
}

function listedTables(dump: NodeDump, family: IPFamily): readonly string[] {
  const { others = [] } = (dump.kind === 'saved' ? dump.listed : dump.ruleset) ?? {};
  return others.filter((other) => other.family === FAMILIES[family]).map(({ name }) => name);
}

/** A text without any other rule need not be called empty. */
function orUnshown<Dump extends NodeDump>(
  read: ReadDump<Dump>,
  unshown: Diagnostic | undefined,
): ReadDump<Dump> {
  if (unshown === undefined) return read;
  const others = read.diagnostics.filter(({ code }) => code !== 'saved-rules-given');
  return hasErrors(others) ? read : { ...read, diagnostics: [...others, unshown] };
}

function unshownTable(
  source: SourceText,
  family: IPFamily,
  shown: ReadonlySet<string>,
  hint: string,
): Diagnostic | undefined {
  for (const part of source.parts ?? [source]) {
    const byName = source.parts === undefined ? undefined : toldByName(part.file).family;
    for (const { 0: line, 1: name = '', index } of part.text.matchAll(UNSHOWN)) {
      const isOther = (familyAbove(part.text.slice(0, index)) ?? byName ?? family) !== family;
      if (tableName(name) === undefined || shown.has(name) || isOther) continue;
      return textProblem(part, {
        code: 'saved-rules-complete',
        place: { start: index, end: index + line.trimEnd().length },
        message: `table ${name} has rules that iptables cannot print, so none of its rules is in this text`,
        hint,
      });
    }
  }
  return undefined;
}

/** Of the program that was named last, by a command or by its own output; undefined: none was. */
function familyAbove(text: string): IPFamily | undefined {
  const nothing = toldByName('');
  for (const line of text.split('\n').reverse()) {
    const family = toldByLine(nothing, { text: line.trim(), number: 0 })?.family;
    if (family !== undefined) return family;
  }
  return undefined;
}
