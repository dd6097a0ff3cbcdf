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
import { isJsonRuleset } from '../lang/nftables/read/json-ruleset.ts';
import { isRuleset, readRuleset } from '../lang/nftables/read/read-ruleset.ts';
import type { ListedRuleset, OtherTable } from '../lang/nftables/ruleset.ts';
import { nftablesFirewall } from '../lang/nftables/walk/firewall.ts';
import { walkedTable } from '../lang/nftables/walk/load-table.ts';
import type { Host } from '../lang/packet/host.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { IPFamily } from '../model/cluster.ts';
import { type SourceText, sourceText } from '../model/source-text.ts';
import { CHAINS } from '../render/netfilter/chains.ts';
import { DUMMY_SETS } from '../render/netfilter/sets.ts';
import { isAffinitySet, OWN_NAMES } from '../render/nftables/known-names.ts';
import { DOCTOR_TITLE } from '../render/script/doctor.ts';
import { printIptablesRule } from './iptables-rules.ts';
import { sortDump } from './sort-dump.ts';

/** The dump of a node: what its own tools printed about its rules, read. */
export type NodeDump = SavedDump | ListedDump;

/** By `iptables-save`, beside which there may be what `ipset save` and `ipvsadm --save --numeric` printed. */
export interface SavedDump {
  readonly kind: 'saved';
  /** Of several saves, a table can be there more than once: the kernel asks all of them. */
  readonly tables: readonly SavedTable[];
  readonly ipvs: SavedIPVS;
  /** What `nft list ruleset` printed beside them. */
  readonly listed?: ListedRuleset;
  /** What reading took for granted: whole sentences. */
  readonly remarks?: readonly string[];
}

/** By `nft list ruleset`. */
export interface ListedDump {
  readonly kind: 'listed';
  readonly ruleset: ListedRuleset;
  /** What reading took for granted: whole sentences. */
  readonly remarks?: readonly string[];
}

export interface ReadDump<Dump extends NodeDump = NodeDump> {
  readonly dump: Dump;
  /** What is wrong with the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the dump of a node whose mode is not known: the text tells, and may hold what several tools printed. `family` is
 * that of rules of iptables.
 */
export function readNodeDump(source: SourceText, family: IPFamily): ReadDump {
  const whole = readWholeDump(source, family);
  const isCutOff = whole.diagnostics.some(({ code }) => code === 'saved-rules-complete');
  if (isCutOff || !hasErrors(whole.diagnostics)) return whole;
  return readSortedDump(source, family) ?? whole;
}

/** Of a text that one tool printed, or several that save what the kernel has. */
function readWholeDump(source: SourceText, family: IPFamily): ReadDump {
  if (isRuleset(source.text)) return readListedDump(source);
  const { dump, diagnostics } = readSavedDump(source, family);
  const isEmpty = dump.tables.length === 0 && !hasErrors(diagnostics);
  const all = isEmpty ? [...diagnostics, emptyInput(source)] : diagnostics;
  return { dump: { ...dump, remarks: variantRemarks(source.text) }, diagnostics: all };
}

/** `iptables-nft-save` says when there is more: nothing of it is in its output. */
function variantRemarks(text: string): readonly string[] {
  const [, other] = /^# Warning: iptables-(legacy|nft) tables present/m.exec(text) ?? [];
  if (other === undefined || text.includes(`iptables-${other}-save v`)) return [];
  return [
    `the text says that there are rules of iptables-${other} too, which are not in it: add what "iptables-${other}-save" prints`,
  ];
}

/** Of whatever people paste; undefined: there is nothing in it that could be followed, or not all of it is understood. */
function readSortedDump({ file, text }: SourceText, family: IPFamily): ReadDump | undefined {
  const sorted = sortDump(text);
  if (sorted.strangeLine !== undefined) return undefined;
  const parts: (readonly SavedTable[])[] = [];
  for (const part of sorted.rules) {
    const read = readSavedRules(sourceText(file, part.text), undefined, part.firstLine);
    if (hasErrors(read.diagnostics)) return undefined;
    const isOther = hasErrors(checkSavedFamily(file, read.tables, family));
    if (!isOther && (part.family ?? family) === family) parts.push(read.tables);
  }
  const tables = parts.flat();
  const { ipvs, diagnostics } = readSavedNode(sourceText(file, sorted.ipvs));
  const listed = readListings(file, [...(sorted.nft === '' ? [] : [sorted.nft]), ...sorted.nftJson]);
  if (hasErrors(sorted.ipvs === '' ? [] : diagnostics) || hasErrors(listed?.diagnostics ?? []))
    return undefined;
  const remarks = [...sorted.remarks, ...variantRemarks(text), ...(listed?.dump.remarks ?? [])];
  if (tables.length > 0 || (ipvs.virtualServers !== undefined && listed === undefined)) {
    const beside = listed === undefined ? {} : { listed: listed.dump.ruleset };
    return { dump: { kind: 'saved', tables, ipvs, ...beside, remarks }, diagnostics: [] };
  }
  return listed === undefined ? undefined : { dump: { ...listed.dump, remarks }, diagnostics: [] };
}

/** Several listings are one ruleset; undefined: there is none. */
function readListings(file: string, texts: readonly string[]): ReadDump<ListedDump> | undefined {
  if (texts.length === 0) return undefined;
  const read = texts.map((text) => readListedDump(sourceText(file, text)));
  const tables = read.flatMap(({ dump }) => dump.ruleset.tables);
  const others = read.flatMap(({ dump }) => dump.ruleset.others);
  const remarks = read.flatMap(({ dump }) => dump.remarks ?? []);
  const diagnostics = read.flatMap((each) => each.diagnostics);
  return { dump: { kind: 'listed', ruleset: { tables, others }, remarks }, diagnostics };
}

/** Reads rules, sets and virtual servers, of one family. */
export function readSavedDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const gathered = readGathered(source, family);
  if (gathered?.kind === 'saved') return { dump: gathered, diagnostics: [] };
  const { tables, ipvs, diagnostics } = ofFamily(source, readSavedNode(source), family);
  return { dump: { kind: 'saved', tables, ipvs }, diagnostics };
}

/** Reads what `iptables-save` printed, and nothing else, of one family. */
export function readRulesDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const gathered = readGathered(source, family);
  if (gathered?.kind === 'saved') return { dump: { ...gathered, ipvs: NOTHING_SAVED }, diagnostics: [] };
  const { tables, diagnostics } = ofFamily(source, readSavedRules(source), family);
  return { dump: { kind: 'saved', tables, ipvs: NOTHING_SAVED }, diagnostics };
}

/** Reads what `nft list ruleset` printed, of both families. */
export function readListedDump(source: SourceText): ReadDump<ListedDump> {
  const gathered = readGathered(source, 'IPv4');
  const listed = gathered?.kind === 'saved' ? gathered.listed : gathered?.ruleset;
  if (listed !== undefined) return { dump: { kind: 'listed', ruleset: listed }, diagnostics: [] };
  const { ruleset, diagnostics } = readRuleset(source, OWN_NAMES);
  const remarks = isJsonRuleset(source.text) ? { remarks: [JSON_LINES] } : {};
  return { dump: { kind: 'listed', ruleset, ...remarks }, diagnostics };
}

/**
 * What `svcgen doctor` gathered of a node. Of iptables-legacy and iptables-nft, that comes first which kube-proxy uses:
 * rules are compared with the first table of a name. @returns undefined: the text is another one, or cannot be read
 */
function readGathered(source: SourceText, family: IPFamily): NodeDump | undefined {
  if (!source.text.startsWith(DOCTOR_TITLE)) return undefined;
  const dump = readSortedDump(source, family)?.dump;
  if (dump?.kind !== 'saved') return dump;
  const isUsed = ({ chains }: SavedTable) =>
    chains.has(CHAINS.services.name) || chains.has(CHAINS.forward.name);
  const tables = [...dump.tables].sort((a, b) => Number(isUsed(b)) - Number(isUsed(a)));
  return { ...dump, tables };
}
const JSON_LINES =
  'these rules were given as JSON: lines are counted in the text that "nft list ruleset" would print, with an element a line';

/** With an error where rules are those of the other family. */
function ofFamily<T extends SavedRules>({ file }: SourceText, read: T, family: IPFamily): T {
  const { tables, diagnostics } = read;
  if (hasErrors(diagnostics)) return read;
  return { ...read, diagnostics: [...diagnostics, ...checkSavedFamily(file, tables, family)] };
}

/** The rules of a node, as packets of a family meet them. */
export function dumpFirewall(dump: NodeDump, family: IPFamily, host: Host): Firewall {
  if (dump.kind === 'listed') return listedFirewall(dump.ruleset, family, host);
  const saved = iptablesFirewall(dump.tables, host, printIptablesRule);
  if (dump.listed === undefined) return saved;
  const listed = listedFirewall(withoutSaved(dump.listed, dump.tables, family), family, host);
  return { baseChains: (hook) => [...saved.baseChains(hook), ...listed.baseChains(hook)] };
}

/** Of chains at one place, the kernel runs first what was made last (nf_hook_entries_grow), and nft lists that last. */
function listedFirewall({ tables, others }: ListedRuleset, wanted: IPFamily, host: Host): Firewall {
  const own = tables.filter(({ family }) => family === wanted);
  const ofOthers = others.flatMap((table) => table.of(wanted) ?? []);
  const firewalls = [...own, ...ofOthers]
    .sort((a, b) => b.line - a.line)
    .map((table) => {
      const isMemory = own.includes(table) ? isAffinitySet : () => false;
      return nftablesFirewall(walkedTable(table, isMemory), host, (rule) =>
        printNftRule(rule, FAMILIES[wanted]),
      );
    });
  return { baseChains: (hook) => firewalls.flatMap((each) => each.baseChains(hook).toReversed()) };
}

/** Without the tables of iptables-nft whose rules were saved too: nft lists the same chains, with as many rules. */
function withoutSaved(
  { tables, others }: ListedRuleset,
  saved: readonly SavedTable[],
  family: IPFamily,
): ListedRuleset {
  const isSaved = (other: OtherTable) => {
    const listed = other.family === FAMILIES[family] ? other.of(family) : undefined;
    return saved.some(
      ({ name, chains }) =>
        listed !== undefined &&
        other.name === name &&
        [...listed.chains.values()].every(
          (chain) =>
            chains.has(chain.name) && count(chain.rules) === count(chains.get(chain.name)?.lines ?? []),
        ),
    );
  };
  return { tables, others: others.filter((other) => !isSaved(other)) };
}

function count(items: Iterable<unknown>): number {
  let number = 0;
  for (const _ of items) number += 1;
  return number;
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
