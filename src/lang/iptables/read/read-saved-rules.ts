import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import type { SourceText } from '../../../model/source-text.ts';
import { lastLine, lineEnd, lineText, type Stretch } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { isBuiltInChain, tableName } from '../kernel-tables.ts';
import type { SavedTable } from '../ruleset.ts';
import { cutOff, emptyInput, lineProblem, repeatedTable } from './problems.ts';
import { savedChain } from './read-rule.ts';

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

interface OpenChain {
  readonly policy: 'ACCEPT' | 'DROP' | undefined;
  readonly stretches: Stretch[];
}

interface OpenTable {
  readonly name: SavedTable['name'];
  readonly line: number;
  readonly chains: Map<string, OpenChain>;
}

/** Where the reader is. */
interface Reading {
  readonly source: SourceText;
  readonly outside: OutsideLines | undefined;
  /** There were lines of other tools. */
  hasOutside: boolean;
  readonly tables: SavedTable[];
  readonly problems: Diagnostic[];
  table: OpenTable | undefined;
  /** `-A NAME ` of the rules that were read last: rules of a chain follow one another. */
  prefix: string;
  stretch: Stretch | undefined;
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
    table: undefined,
    prefix: '',
    stretch: undefined,
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
function isHopeless({ problems, tables, table, hasOutside }: Reading): boolean {
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
  const { source, prefix, stretch, table } = reading;
  const { start, end } = place;
  if (stretch !== undefined && source.text.startsWith(prefix, start)) {
    stretch.end = end;
    return;
  }
  reading.stretch = undefined;
  if (table !== undefined && beginStretch(reading, table, place)) return;
  const text = lineText(source.text, start, end).trim();
  if (text === '' || text.startsWith('#')) return;
  if (text.startsWith('*')) beginTable(reading, text, place);
  else if (isOutside(reading, text)) readOutside(reading, place);
  else if (table === undefined)
    reading.problems.push(lineProblem(source, place, 'a table (*filter, *nat, …)'));
  else if (text === 'COMMIT') endTable(reading, table);
  // The end of a text that is cut off may look like anything.
  else if (end === source.text.length) return;
  else if (text.startsWith(':')) declareChain(reading, table, { text, place });
  else readRuleLine(reading, table, { text, place });
}

/** Most lines by far: the first rule of a chain that is declared. @returns whether it is one */
function beginStretch(reading: Reading, { chains }: OpenTable, { start, end, line }: LinePlace): boolean {
  const { text } = reading.source;
  const nameEnd = text.startsWith('-A ', start) ? text.indexOf(' ', start + 3) : -1;
  // The end of a text that is cut off may look like anything.
  if (nameEnd < 0 || nameEnd >= end || end === text.length) return false;
  const chain = chains.get(text.slice(start + 3, nameEnd));
  if (chain === undefined) return false;
  const stretch = { start, end, line };
  chain.stretches.push(stretch);
  reading.stretch = stretch;
  reading.prefix = text.slice(start, nameEnd + 1);
  return true;
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
  else reading.table = { name, line: place.line, chains: new Map() };
}

function endTable(reading: Reading, { name, line, chains: open }: OpenTable): void {
  const { source } = reading;
  const hasChain = (chain: string) => open.has(chain);
  const chains = madeWhenAsked(open, (chain, { policy, stretches }) =>
    savedChain({ name: chain, policy, text: source.text, stretches, hasChain }),
  );
  reading.tables.push({ name, line, chains });
  reading.table = undefined;
}

/** A map that makes each of its values once, when somebody asks for it: of a hundred thousand chains few are entered. */
function madeWhenAsked<From, To>(
  from: ReadonlyMap<string, From>,
  make: (key: string, value: From) => To,
): ReadonlyMap<string, To> {
  const made = new Map<string, To>();
  const madeOf = (key: string, value: From): To => {
    const found = made.get(key) ?? make(key, value);
    made.set(key, found);
    return found;
  };
  function* entries(): Generator<[string, To], undefined> {
    for (const [key, value] of from) yield [key, madeOf(key, value)];
  }
  function* values(): Generator<To, undefined> {
    for (const [key, value] of from) yield madeOf(key, value);
  }
  const map: ReadonlyMap<string, To> = {
    size: from.size,
    has: (key) => from.has(key),
    get: (key) => {
      const value = from.get(key);
      return value === undefined ? undefined : madeOf(key, value);
    },
    keys: () => from.keys(),
    values,
    entries,
    [Symbol.iterator]: entries,
    forEach: (visit) => {
      for (const [key, value] of entries()) visit(value, key, map);
    },
  };
  return map;
}

/** `:INPUT ACCEPT [0:0]`, `:KUBE-SERVICES - [0:0]`. */
const DECLARATION = /^:(\S+) (ACCEPT|DROP|-)(?: \[\d+:\d+\])?$/;

function declareChain({ source, problems }: Reading, table: OpenTable, { text, place }: TextAtPlace): void {
  const [, name, policy] = DECLARATION.exec(text) ?? [];
  if (name === undefined) problems.push(lineProblem(source, place, 'a chain (:NAME POLICY [0:0])'));
  else addChain(table, name, policy === 'DROP' ? 'DROP' : 'ACCEPT');
}

function addChain({ chains, name: table }: OpenTable, name: string, policy: 'ACCEPT' | 'DROP'): OpenChain {
  const chain = { policy: isBuiltInChain(table, name) ? policy : undefined, stretches: [] };
  chains.set(name, chain);
  return chain;
}

/** `-A CHAIN …`, with or without counters. */
const RULE = /^(?:\[\d+:\d+\] )?-A (\S+)(?: |$)/;

function readRuleLine(reading: Reading, table: OpenTable, { text, place }: TextAtPlace): void {
  const { source, problems } = reading;
  const { start, end, line } = place;
  const [all, name] = RULE.exec(text) ?? [];
  if (all === undefined || name === undefined) {
    problems.push(lineProblem(source, place, 'a rule (-A CHAIN …), a chain (:NAME …) or COMMIT'));
    return;
  }
  const chain =
    table.chains.get(name) ??
    (isBuiltInChain(table.name, name) ? addChain(table, name, 'ACCEPT') : undefined);
  if (chain === undefined) {
    problems.push(lineProblem(source, place, `a chain that table ${table.name} declares, not ${name}`));
    return;
  }
  const stretch = { start, end, line };
  chain.stretches.push(stretch);
  reading.stretch = stretch;
  reading.prefix = `-A ${name} `;
}
