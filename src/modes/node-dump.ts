import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { hasErrors } from '../diagnostic/has-errors.ts';
import { invariant } from '../diagnostic/invariant.ts';
import { checkSavedFamily } from '../lang/iptables/read/check-saved-rules.ts';
import { emptyInput } from '../lang/iptables/read/problems.ts';
import { readSavedRules, type SavedRules } from '../lang/iptables/read/read-saved-rules.ts';
import type { SavedTable } from '../lang/iptables/ruleset.ts';
import { iptablesFirewall } from '../lang/iptables/walk/firewall.ts';
import { readSavedNode } from '../lang/ipvs/read/read-saved-ipvs.ts';
import { NOTHING_SAVED, type SavedIPVS } from '../lang/ipvs/ruleset.ts';
import { savedHost } from '../lang/ipvs/saved-host.ts';
import { FAMILIES } from '../lang/nftables/family.ts';
import { printNftRule } from '../lang/nftables/print/print-rule.ts';
import { isRuleset, readRuleset } from '../lang/nftables/read/read-ruleset.ts';

import type { ListedRuleset } from '../lang/nftables/ruleset.ts';
import { nftablesFirewall } from '../lang/nftables/walk/firewall.ts';
import { walkedTable } from '../lang/nftables/walk/load-table.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { IPFamily } from '../model/cluster.ts';
import type { SourceText } from '../model/source-text.ts';
import { DUMMY_SETS } from '../render/netfilter/sets.ts';
import { isAffinitySet, OWN_NAMES } from '../render/nftables/known-names.ts';
import { printIptablesRule } from './iptables-rules.ts';

/** The dump of a node: what its own tools printed about its rules, read. */
export type NodeDump = SavedDump | ListedDump;

/** By `iptables-save`, beside which there may be what `ipset save` and `ipvsadm --save --numeric` printed. */
export interface SavedDump {
  readonly kind: 'saved';
  readonly tables: readonly SavedTable[];
  readonly ipvs: SavedIPVS;
}

/** By `nft list ruleset`. */
export interface ListedDump {
  readonly kind: 'listed';
  readonly ruleset: ListedRuleset;
}

export interface ReadDump<Dump extends NodeDump = NodeDump> {
  readonly dump: Dump;
  /** What is wrong with the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the dump of a node whose mode is not known: the text tells. `family` is that of what `iptables-save` printed. */
export function readNodeDump(source: SourceText, family: IPFamily): ReadDump {
  if (isRuleset(source.text)) return readListedDump(source);
  const { dump, diagnostics } = readSavedDump(source, family);
  const isEmpty = dump.tables.length === 0 && !hasErrors(diagnostics);
  return { dump, diagnostics: isEmpty ? [...diagnostics, emptyInput(source)] : diagnostics };
}

/** Reads rules, sets and virtual servers, of one family. */
export function readSavedDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const { tables, ipvs, diagnostics } = ofFamily(source, readSavedNode(source), family);
  return { dump: { kind: 'saved', tables, ipvs }, diagnostics };
}

/** Reads what `iptables-save` printed, and nothing else, of one family. */
export function readRulesDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const { tables, diagnostics } = ofFamily(source, readSavedRules(source), family);
  return { dump: { kind: 'saved', tables, ipvs: NOTHING_SAVED }, diagnostics };
}

/** Reads what `nft list ruleset` printed, of both families. */
export function readListedDump(source: SourceText): ReadDump<ListedDump> {
  const { ruleset, diagnostics } = readRuleset(source, OWN_NAMES);
  return { dump: { kind: 'listed', ruleset }, diagnostics };
}

/** With an error where rules are those of the other family. */
function ofFamily<T extends SavedRules>({ file }: SourceText, read: T, family: IPFamily): T {
  const { tables, diagnostics } = read;
  if (hasErrors(diagnostics)) return read;
  return { ...read, diagnostics: [...diagnostics, ...checkSavedFamily(file, tables, family)] };
}

/** The rules of a node, as packets of a family meet them. */
export function dumpFirewall(dump: NodeDump, wanted: IPFamily, host: Host): Firewall {
  if (dump.kind === 'saved') return iptablesFirewall(dump.tables, host, printIptablesRule);
  const table = dump.ruleset.tables.find(({ family }) => family === wanted);
  if (table === undefined) return { baseChains: () => [] };
  return nftablesFirewall(walkedTable(table, isAffinitySet), host, (rule) =>
    printNftRule(rule, FAMILIES[wanted]),
  );
}

/** What rules can ask of a node that has these addresses, as far as its dump says. */
export function dumpHost(dump: NodeDump, nodeIPs: readonly string[]): Host {
  return savedHost(dump.kind === 'saved' ? dump.ipvs : NOTHING_SAVED, {
    nodeIPs,
    addressSets: DUMMY_SETS,
  });
}

/** The dump of a mode whose rules are those of iptables. */
export function savedDump(dump: NodeDump): SavedDump {
  invariant(dump.kind === 'saved', 'rules of iptables are compared with what iptables-save prints');
  return dump;
}

/** The dump of a mode whose rules are those of nftables. */
export function listedDump(dump: NodeDump): ListedDump {
  invariant(dump.kind === 'listed', 'rules of nftables are compared with what nft prints');
  return dump;
}
