import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { lastLine, lineEnd, lineText } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { tableName } from '../kernel-tables.ts';
import type { SavedTable } from '../ruleset.ts';
import { type ChainIndex, chainIndex, MAX_RULE_LENGTH } from './chain-index.ts';
import { cutOff, emptyInput, fullChain, lineProblem, longRule, repeatedTable } from './problems.ts';

/** What `iptables-save` has printed. */
export interface SavedRules {
  /** In their order; none when there is an error. */
  readonly tables: readonly SavedTable[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads what other tools have printed before, between or after tables. */
export interface OutsideLines {
  /** Whether a line is one of theirs; no line of a table is. */
  readonly isLine: (text: string) => boolean;
  /** @returns what is wrong with it */
  readonly read: (place: LinePlace) => Diagnostic | undefined;
}

/** How many lines that are wrong are worth a diagnostic. */
const MAX_PROBLEMS = 10;

interface OpenTable {
  readonly name: SavedTable['name'];
  readonly line: number;
  readonly start: number;
  readonly chains: ChainIndex;
}

/** Where the reader is. */
interface Reading {
  readonly source: SourceText;
  readonly outside: OutsideLines | undefined;
  /** There were lines of other tools. */
  hasOutside: boolean;
  readonly tables: SavedTable[];
  readonly problems: Diagnostic[];
  /** A chain has too many rules. */
  isFull: boolean;
  table: OpenTable | undefined;
}

/**
 * Reads the text of `iptables-save` or `ip6tables-save`, of legacy and nft variants, with or without counters: also
 * what `svcgen render` prints. Rules are only looked at when a chain is asked for them.
 * @param outside reads lines of other tools; without it, there must be none
 * @param firstLine the number of the first line, where the text is part of another one
 */
export function readSavedRules(source: SourceText, outside?: OutsideLines, firstLine = 1): SavedRules {
  const { text } = source;
  const reading: Reading = {
    source,
    outside,
    hasOutside: false,
    tables: [],
    problems: [],
    isFull: false,
    table: undefined,
  };
  let line = firstLine;
  for (let start = 0; start < text.length && !isHopeless(reading); line += 1) {
    const end = lineEnd(text, start);
    readLine(reading, { start, end, line });
    start = end + 1;
  }
  const diagnostics = [...reading.problems, ...endProblems(reading)];
  return { tables: diagnostics.length > 0 ? [] : reading.tables, diagnostics };
}

/** What has no table yet is something else altogether, which need not be said of each of its lines. */
function isHopeless({ problems, isFull, tables, table, hasOutside }: Reading): boolean {
  if (isFull) return true;
  const hasRules = tables.length > 0 || table !== undefined || hasOutside;
  return problems.length >= (hasRules ? MAX_PROBLEMS : 1);
}

/** What can only be said at the end. */
function endProblems({ source, tables, table, problems, hasOutside }: Reading): readonly Diagnostic[] {
  if (problems.length > 0) return [];
  if (table !== undefined) return [cutOff(source, table, lastLine(source.text))];
  return tables.length === 0 && !hasOutside ? [emptyInput(source)] : [];
}

function readLine(reading: Reading, place: LinePlace): void {
  const { source, table } = reading;
  const { start, end } = place;
  // Most lines by far.
  if (table !== undefined && (table.chains.addRule(place) || table.chains.addDeclaration(place))) return;
  const text = lineText(source.text, start, end).trim();
  if (text === '' || text.startsWith('#')) return;
  if (text.startsWith('*')) beginTable(reading, text, place);
  else if (isOutside(reading, text)) readOutside(reading, place);
  else if (table === undefined)
    reading.problems.push(lineProblem(source, place, 'a table (*filter, *nat, …)'));
  else if (text === 'COMMIT') endTable(reading, table, place);
  // The end of a text that is cut off may look like anything.
  else if (end === source.text.length) return;
  else if (text.startsWith(':')) declareChain(reading, table, { text, place });
  else reportRule(reading, table, { text, place });
}

function isOutside({ outside }: Reading, text: string): boolean {
  return outside?.isLine(text) === true;
}

function readOutside(reading: Reading, place: LinePlace): void {
  const { source, outside, table, problems } = reading;
  reading.hasOutside = true;
  if (table !== undefined) {
    problems.push(cutOff(source, table, place));
    reading.table = undefined;
    return;
  }
  const found = outside?.read(place);
  if (found !== undefined) problems.push(found);
}

interface TextAtPlace {
  readonly text: string;
  readonly place: LinePlace;
}

function beginTable(reading: Reading, text: string, place: LinePlace): void {
  const { source, table, tables, problems } = reading;
  const name = tableName(text.slice(1));
  const earlier = tables.find((each) => each.name === name);
  if (table !== undefined) problems.push(cutOff(source, table, place));
  else if (name === undefined) problems.push(lineProblem(source, place, 'a table that iptables has'));
  else if (earlier !== undefined) problems.push(repeatedTable(source, place, earlier));
  else {
    const { line, start } = place;
    reading.table = { name, line, start, chains: chainIndex(source.text, name) };
  }
}

function endTable(reading: Reading, { name, line, start, chains }: OpenTable, { end }: LinePlace): void {
  reading.tables.push({ name, line, chains: chains.chains({ start, end, line }) });
  reading.table = undefined;
}

/** `:INPUT ACCEPT [0:0]`, `:KUBE-SERVICES - [0:0]`. */
const DECLARATION = /^:(\S+) (ACCEPT|DROP|-)(?: \[\d+:\d+\])?$/;

function declareChain(
  { source, problems }: Reading,
  { chains }: OpenTable,
  { text, place }: TextAtPlace,
): void {
  const [, name, policy] = DECLARATION.exec(text) ?? [];
  if (name === undefined) problems.push(lineProblem(source, place, 'a chain (:NAME POLICY [0:0])'));
  else chains.declare(name, policy === 'DROP' ? 'DROP' : 'ACCEPT', place);
}

/** `-A CHAIN …`, with or without counters. */
const RULE = /^(?:\[\d+:\d+\] )?-A (\S+)(?: |$)/;

/** A line that no chain has taken. */
function reportRule(
  reading: Reading,
  { name: table, chains }: OpenTable,
  { text, place }: TextAtPlace,
): void {
  const [, name] = RULE.exec(text) ?? [];
  if (name !== undefined && chains.isFull(name)) {
    reading.isFull = true;
    reading.problems.push(fullChain(reading.source, place, name));
    return;
  }
  if (name !== undefined && place.end - place.start > MAX_RULE_LENGTH) {
    reading.problems.push(longRule(reading.source, place));
    return;
  }
  const expected =
    name === undefined
      ? 'a rule (-A CHAIN …), a chain (:NAME …) or COMMIT'
      : `a chain that table ${table} declares, not ${name}`;
  reading.problems.push(lineProblem(reading.source, place, expected));
}
