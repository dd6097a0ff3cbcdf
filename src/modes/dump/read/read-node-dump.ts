import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { hasErrors } from '../../../diagnostic/has-errors.ts';
import { checkSavedFamily } from '../../../lang/iptables/read/check-saved-rules.ts';
import { emptyInput } from '../../../lang/iptables/read/problems.ts';
import { readSavedRules, type SavedRules } from '../../../lang/iptables/read/read-saved-rules.ts';
import type { SavedTable } from '../../../lang/iptables/ruleset.ts';
import { readSavedNode } from '../../../lang/ipvs/read/read-saved-ipvs.ts';
import { NOTHING_SAVED } from '../../../lang/ipvs/ruleset.ts';
import { isJsonRuleset } from '../../../lang/nftables/read/json-ruleset.ts';
import { isRuleset, readRuleset } from '../../../lang/nftables/read/read-ruleset.ts';
import { readScript } from '../../../lang/nftables/read/script.ts';
import type { IPFamily } from '../../../model/cluster.ts';
import { type SourceText, sourceText, sourceTextMade } from '../../../model/source-text.ts';
import { CHAINS } from '../../../render/netfilter/chains.ts';
import { OWN_NAMES } from '../../../render/nftables/known-names.ts';
import { DOCTOR_TITLE } from '../../../render/script/doctor.ts';
import type { ListedDump, NodeDump, ReadDump, SavedDump } from '../node-dump.ts';
import { emptyGathered } from './empty-gathered.ts';
import { type DumpPart, joinedListings, joinedParts, withoutRepeated } from './join-parts.ts';
import { scriptRemarks } from './script-remarks.ts';
import { sortDump } from './sort-dump.ts';
import { terseListing } from './terse-listing.ts';
import { tooLittle } from './too-little.ts';
import { withUnsaved, withUnshown } from './unshown-table.ts';

/**
 * Reads the dump of a node whose mode is not known: the text tells, and may hold what several tools printed. `family` is
 * that of rules of iptables.
 */
export function readNodeDump(source: SourceText, family: IPFamily): ReadDump {
  return withUnshown(readAnyDump(source, family), source, family);
}

function readAnyDump(source: SourceText, family: IPFamily): ReadDump {
  if (source.parts !== undefined) return readBundle(source, source.parts, family);
  const whole = readWholeDump(source, family);
  const isRead = !hasErrors(whole.diagnostics);
  if (isFinal(whole) || (isRead && !NAMES_VARIANT.test(source.text))) return whole;
  return readSortedDump(source, family) ?? whole;
}

/** Where two programs may have made rules, they are told apart. */
const NAMES_VARIANT = /iptables-legacy|ip6tables-legacy/;

/** Of a text that one tool printed, or several that save what the kernel has. */
function readWholeDump(source: SourceText, family: IPFamily): ReadDump {
  if (isRuleset(source.text) && readScript(source.text) === undefined) return readListed(source);
  const { dump, diagnostics } = readSaved(source, family);
  const isEmpty =
    dump.tables.length === 0 && dump.ipvs.virtualServers === undefined && !hasErrors(diagnostics);
  return { dump, diagnostics: isEmpty ? [...diagnostics, emptyInput(source)] : diagnostics };
}

/** Of whatever people paste; undefined: there is nothing in it that could be followed, or not all of it is understood. */
function readSortedDump(source: SourceText, family: IPFamily): ReadDump | undefined {
  const part = readPart(source, family, '');
  if (part === undefined) return undefined;
  if ('wrong' in part) return { dump: NOTHING_LISTED, diagnostics: part.wrong };
  if (part.tooLittle !== undefined) return { dump: NOTHING_DUMPED, diagnostics: [part.tooLittle] };
  const joined = joinedParts([part], []);
  if (joined !== undefined || !source.text.startsWith(DOCTOR_TITLE)) return joined;
  return { dump: NOTHING_DUMPED, diagnostics: [emptyGathered(source)] };
}

/** What nft listed there cannot be read. */
interface WrongPart {
  readonly wrong: readonly Diagnostic[];
}

/** @param name of the file, where it tells which command printed it */
function readPart(source: SourceText, family: IPFamily, name: string): DumpPart | WrongPart | undefined {
  const { file, text } = source;
  const script = readScript(text);
  const sorted = sortDump(script?.text ?? text, name);
  if (sorted.strangeLine !== undefined) return undefined;
  const tables: (SavedTable & { readonly isSaved: boolean })[] = [];
  for (const part of sorted.rules) {
    const read = readSavedRules(sourceText(file, part.text), undefined, part.firstLine);
    if (hasErrors(read.diagnostics)) return undefined;
    const isOther = hasErrors(checkSavedFamily(file, read.tables, family));
    if (isOther || (part.family ?? family) !== family) continue;
    const { isSaved, variant } = part;
    for (const table of read.tables)
      tables.push({ ...table, isSaved, ...(variant === undefined ? {} : { variant }) });
  }
  const little = tooLittle(source, sorted.ipvs);
  const { ipvs, diagnostics } = readSavedNode(sourceText(file, little === undefined ? sorted.ipvs : ''));
  const listed = readListings([
    ...(sorted.nft === '' ? [] : [sourceTextMade(file, sorted.nft, script?.lineOf ?? ((line) => line))]),
    ...sorted.nftJson.map((each) => sourceText(file, each)),
  ]);
  const isNone = sorted.ipvs === '' || little !== undefined;
  if (hasErrors(isNone ? [] : diagnostics)) return undefined;
  if (listed !== undefined && hasErrors(listed.diagnostics)) return { wrong: listed.diagnostics };
  const { leftOut, warned } = sorted;
  const remarks = [...sorted.remarks, ...scriptRemarks(script)];
  return { file, tables, ipvs, listed, remarks, leftOut, warned, tooLittle: little };
}

/** Of files that were found in a bundle. One that cannot be read is an error: what it holds may decide. */
function readBundle(source: SourceText, parts: readonly SourceText[], family: IPFamily): ReadDump {
  const read: DumpPart[] = [];
  for (const part of parts) {
    const found = readPart(part, family, part.file);
    if (found === undefined) return readWholeDump(part, family);
    if ('wrong' in found) return { dump: NOTHING_LISTED, diagnostics: found.wrong };
    const said = found.tooLittle === undefined ? [] : [`${found.tooLittle.message}: ${found.tooLittle.hint}`];
    const remarks = [...found.remarks, ...said].map((remark) => `${part.file}: ${remark}`);
    read.push({ ...found, remarks });
  }
  const chosen = withoutRepeated(read);
  const where = chosen.flatMap(({ file, tables, listed }) => {
    const names = [...tables.map(({ name }) => name), ...(listed === undefined ? [] : ['nft'])];
    return names.length === 0 ? [] : `${names.join(', ')} from ${file}`;
  });
  const lines = parts.length > 1 ? [`each file counts its own lines: ${where.join('; ')}`] : [];
  const joined = joinedParts(chosen, lines);
  return joined ?? { dump: NOTHING_DUMPED, diagnostics: [emptyInput(source)] };
}

const NOTHING_DUMPED: SavedDump = { kind: 'saved', tables: [], ipvs: NOTHING_SAVED };
const NOTHING_LISTED: ListedDump = { kind: 'listed', ruleset: { tables: [], others: [] } };

/** Several listings are one ruleset; undefined: there is none. */
function readListings(texts: readonly SourceText[]): ReadDump<ListedDump> | undefined {
  if (texts.length === 0) return undefined;
  const read = texts.map(readListing);
  const ruleset = joinedListings(read.map(({ dump }) => dump));
  const remarks = read.flatMap(({ dump }) => dump.remarks ?? []);
  const diagnostics = read.flatMap((each) => each.diagnostics);
  return { dump: { kind: 'listed', ruleset, ...(remarks.length === 0 ? {} : { remarks }) }, diagnostics };
}

/** Reads rules, sets and virtual servers, of one family. */
export function readSavedDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const read = orPasted(readSaved(source, family), savedIn, { source, family });
  return withUnsaved(read, source, family);
}

/** The same of what the tools that save it printed, and nothing else, or `svcgen doctor`. */
function readSaved(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const gathered = readGathered(source, family);
  if (gathered?.dump.kind === 'saved') return { dump: gathered.dump, diagnostics: gathered.diagnostics };
  const { tables, ipvs, diagnostics } = ofFamily(source, readSavedNode(source), family);
  return { dump: { kind: 'saved', tables, ipvs }, diagnostics };
}

interface Pasted {
  readonly source: SourceText;
  readonly family: IPFamily;
}

/**
 * What the tool of a mode printed, or else whatever people paste that holds the same kind of rules: with prompts, comments
 * and the output of other tools around it. A text that is cut off or too large stays an error.
 */
function orPasted<Dump extends NodeDump>(
  read: ReadDump<Dump>,
  pick: (dump: NodeDump) => Dump | undefined,
  { source, family }: Pasted,
): ReadDump<Dump> {
  if (source.parts !== undefined || !hasErrors(read.diagnostics) || isFinal(read)) return read;
  const sorted = readSortedDump(source, family);
  const dump = sorted && pick(sorted.dump);
  return dump === undefined ? read : { dump, diagnostics: sorted?.diagnostics ?? [] };
}

/** Whether no other way to read a text would make more of it. */
function isFinal({ diagnostics, isTooLarge }: ReadDump): boolean {
  return isTooLarge === true || diagnostics.some(({ code }) => code === 'saved-rules-complete');
}

function savedIn(dump: NodeDump): SavedDump | undefined {
  return dump.kind === 'saved' ? dump : undefined;
}

function listedIn(dump: NodeDump): ListedDump | undefined {
  if (dump.kind === 'listed') return dump;
  const { listed, leftOut } = dump;
  return listed && { kind: 'listed', ruleset: listed, leftOut };
}

/** Reads what `iptables-save` printed, and nothing else, of one family. */
export function readRulesDump(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  return withUnsaved(readRules(source, family), source, family);
}

function readRules(source: SourceText, family: IPFamily): ReadDump<SavedDump> {
  const gathered = readGathered(source, family);
  if (gathered?.dump.kind === 'saved')
    return { dump: { ...gathered.dump, ipvs: NOTHING_SAVED }, diagnostics: gathered.diagnostics };
  const { tables, diagnostics } = ofFamily(source, readSavedRules(source), family);
  const read: ReadDump<SavedDump> = { dump: { kind: 'saved', tables, ipvs: NOTHING_SAVED }, diagnostics };
  return orPasted(read, savedIn, { source, family });
}

/** Reads what `nft list ruleset` printed, of both families. */
export function readListedDump(source: SourceText): ReadDump<ListedDump> {
  return orPasted(readListed(source), listedIn, { source, family: 'IPv4' });
}

/** The same of what nft printed, and nothing else, or `svcgen doctor`. */
function readListed(source: SourceText): ReadDump<ListedDump> {
  const gathered = readGathered(source, 'IPv4');
  if (gathered !== undefined && hasErrors(gathered.diagnostics))
    return { dump: NOTHING_LISTED, diagnostics: gathered.diagnostics };
  const listed = gathered?.dump.kind === 'saved' ? gathered.dump.listed : gathered?.dump.ruleset;
  if (listed === undefined) return readListing(source);
  return { dump: { kind: 'listed', ruleset: listed }, diagnostics: [] };
}

function readListing(source: SourceText): ReadDump<ListedDump> {
  const { ruleset, diagnostics, isTooLarge } = readRuleset(source, OWN_NAMES);
  const terse = terseListing(source, ruleset.tables);
  const remarks = isJsonRuleset(source.text) ? { remarks: [JSON_LINES] } : {};
  return {
    dump: { kind: 'listed', ruleset, ...remarks },
    diagnostics: terse === undefined ? diagnostics : [...diagnostics, terse],
    isTooLarge,
  };
}

/**
 * What `svcgen doctor` gathered of a node, or a support bundle. Of iptables-legacy and iptables-nft, that comes first which
 * kube-proxy uses: rules are compared with the first table of a name. @returns undefined: the text is another one, or cannot
 * be read
 */
function readGathered(source: SourceText, family: IPFamily): ReadDump | undefined {
  const read =
    source.parts !== undefined
      ? readBundle(source, source.parts, family)
      : source.text.startsWith(DOCTOR_TITLE)
        ? readSortedDump(source, family)
        : undefined;
  if (read?.dump.kind !== 'saved') return read;
  const isUsed = ({ chains }: SavedTable) =>
    chains.has(CHAINS.services.name) || chains.has(CHAINS.forward.name);
  const tables = [...read.dump.tables].sort((a, b) => Number(isUsed(b)) - Number(isUsed(a)));
  return { ...read, dump: { ...read.dump, tables } };
}

const JSON_LINES =
  'these rules were given as JSON: lines are counted in the text that "nft list ruleset" would print, with an element a line';

/** With an error where rules are those of the other family. */
function ofFamily<T extends SavedRules>({ file }: SourceText, read: T, family: IPFamily): T {
  const { tables, diagnostics } = read;
  if (hasErrors(diagnostics)) return read;
  return { ...read, diagnostics: [...diagnostics, ...checkSavedFamily(file, tables, family)] };
}
