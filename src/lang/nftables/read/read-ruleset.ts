import type { Diagnostic } from '../../../diagnostic/diagnostic.ts';
import { type SourceText, sourceText } from '../../../model/source-text.ts';
import { lastLine, lineEnd, lineText } from '../../text/stretch.ts';
import type { LinePlace } from '../../text/text-problem.ts';
import { withoutHandle } from '../elements/words.ts';
import type { ListedRuleset, ListedTable, OtherTable } from '../ruleset.ts';
import { isJsonRuleset, listingOfJson } from './json-ruleset.ts';
import { MAX_ELEMENTS } from './listed-set.ts';
import { endTable, type OpenTable, type OwnNames, openTable } from './open-table.ts';
import {
  brokenJson,
  emptyListing,
  largeJson,
  listingCutOff,
  type OpenBlock,
  repeatedBlock,
  unlistedLine,
} from './problems.ts';
import { readBlockLine } from './read-block.ts';

export interface ReadRuleset {
  /** Empty when there is an error. */
  readonly ruleset: ListedRuleset;
  readonly diagnostics: readonly Diagnostic[];
  /** There is more of something than is read of it. */
  readonly isTooLarge: boolean;
}

/** How many lines that are wrong are worth a diagnostic. */
const MAX_PROBLEMS = 10;

/** Each program on a node has a few tables. Half a million of them would take ten seconds and two gigabytes. */
const MAX_TABLES = 4096;

/** A rule is a line, whatever its sets hold: ten thousand Services of four endpoints have a tenth of that in one. */
const MAX_LINE = 2 ** 22;

interface Reading {
  readonly source: SourceText;
  readonly own: OwnNames;
  readonly tables: ListedTable[];
  readonly others: OtherTable[];
  readonly titles: Map<string, OpenBlock>;
  readonly problems: Diagnostic[];
  isTooLarge: boolean;
  table: OpenTable | undefined;
}

const TABLE = /^table (ip|ip6|inet|arp|bridge|netdev) (\S+) \{$/;

/** Whether a text begins as `nft list ruleset` does, or the same with `-j`. */
export function isRuleset(text: string): boolean {
  if (isJsonRuleset(text)) return true;
  return /^(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*table \S+ \S+ \{/.test(text.slice(0, START_LENGTH));
}

/** Where a text has to show what it is. */
const START_LENGTH = 10_000;

/**
 * Reads the text of `nft list ruleset`, or of `nft list table`, with or without handles, counters and `-j`. Rules are only looked
 * at when a chain is asked for them, and tables of others when a packet comes to them.
 */
export function readRuleset(source: SourceText, own: OwnNames): ReadRuleset {
  if (!isJsonRuleset(source.text)) return readListing(source, own);
  const tooLarge = findTooLarge(source);
  const listing = tooLarge === undefined ? listingOfJson(source.text) : undefined;
  if (listing !== undefined) return readListing(sourceText(source.file, listing), own);
  const ruleset = { tables: [], others: [] };
  return { ruleset, diagnostics: [tooLarge ?? brokenJson(source)], isTooLarge: tooLarge !== undefined };
}

/** How many characters JSON may have: it becomes values, and then text, which takes nine times as much memory. */
export const MOST_JSON = 24 * 2 ** 20;

function findTooLarge(source: SourceText): Diagnostic | undefined {
  if (source.text.length > MOST_JSON) return largeJson(source, `${MOST_JSON} characters`);
  return hasTooManyValues(source.text) ? largeJson(source, `${MOST_VALUES} objects and lists`) : undefined;
}

/** How many objects and lists JSON may have: an element of a map is five of them. */
export const MOST_VALUES = 6 * MAX_ELEMENTS;

/**
 * Whether JSON has more values than rules of a node do: 30 MB of `{}` would take 2 GB. It counts each `{` and `[`, also those in
 * strings, and takes some 10 ms for rules of 10,000 Services with 10 endpoints.
 */
export function hasTooManyValues(text: string): boolean {
  let count = 0;
  for (const opening of ['{', '['])
    for (let at = text.indexOf(opening); at >= 0 && count <= MOST_VALUES; at = text.indexOf(opening, at + 1))
      count += 1;
  return count > MOST_VALUES;
}

function readListing(source: SourceText, own: OwnNames): ReadRuleset {
  const { text } = source;
  const reading: Reading = {
    source,
    own,
    tables: [],
    others: [],
    titles: new Map(),
    problems: [],
    isTooLarge: false,
    table: undefined,
  };
  let line = 1;
  for (let start = 0; start < text.length && !isHopeless(reading); line += 1) {
    const end = lineEnd(text, start);
    if (!addElements(reading, start, end)) readLine(reading, { start, end, line });
    start = end + 1;
  }
  const { tables, others } = reading;
  const problems = reading.problems.length > 0 ? reading.problems : endProblems(reading);
  const ruleset = problems.length > 0 ? { tables: [], others: [] } : { tables, others };
  return { ruleset, diagnostics: problems, isTooLarge: reading.isTooLarge };
}

/** What has no table yet is something else altogether, which need not be said of each of its lines. */
function isHopeless({ problems, titles }: Reading): boolean {
  return problems.length >= (titles.size > 0 ? MAX_PROBLEMS : 1);
}

/** What can only be said at the end. */
function endProblems({ source, table, titles }: Reading): readonly Diagnostic[] {
  if (table !== undefined) return [listingCutOff(source, table.block ?? table, lastLine(source.text))];
  return titles.size === 0 ? [emptyListing(source)] : [];
}

/**
 * Most lines of a large table by far: those in the midst of its elements, which end with a comma. That makes none of them the end of
 * anything, nor of the text, and what they hold is read later. To take them for any line takes twice as long for the whole text.
 * @returns whether it is one
 */
function addElements({ source: { text }, table }: Reading, start: number, end: number): boolean {
  const block = table?.block;
  if (block === undefined || block.kind === 'chain' || !block.isInElements) return false;
  if (text.charCodeAt(end - 1) !== COMMA || end === text.length || end - start > MAX_LINE) return false;
  if (block.kind === 'set' && block.set.elements !== undefined) block.set.elements.end = end;
  return true;
}

const COMMA = 44;

function readLine(reading: Reading, place: LinePlace): void {
  const { source, table, problems } = reading;
  if (place.end - place.start > MAX_LINE) {
    problems.push(unlistedLine(source, place, `lines of at most ${MAX_LINE} characters`));
    return;
  }
  const text = withoutHandle(lineText(source.text, place.start, place.end).trim());
  if (text === '' || text.startsWith('#')) return;
  if (table === undefined) beginTable(reading, text, place);
  // The end of a text that is cut off may look like anything.
  else if (text !== '}' && place.end === source.text.length) return;
  else if (TABLE.test(text)) {
    problems.push(listingCutOff(source, table.block ?? table, place));
    reading.table = undefined;
    beginTable(reading, text, place);
  } else if (table.block === undefined && text === '}') closeTable(reading, table);
  else {
    const problem = readBlockLine(table, { text, place }, source);
    if (problem !== undefined) problems.push(problem);
  }
}

function beginTable(reading: Reading, text: string, place: LinePlace): void {
  const { source, own, problems, titles } = reading;
  const [, family, name] = TABLE.exec(text) ?? [];
  if (family === undefined || name === undefined) {
    problems.push(unlistedLine(source, place, 'a table ("table ip NAME {")'));
    return;
  }
  if (titles.size === MAX_TABLES) {
    problems.push(unlistedLine(source, place, `at most ${MAX_TABLES} tables`));
    return;
  }
  const table = openTable({ family, name, line: place.line }, own);
  const earlier = titles.get(table.title);
  if (earlier !== undefined) problems.push(repeatedBlock(source, place, earlier));
  titles.set(table.title, table);
  reading.table = table;
}

function closeTable(reading: Reading, table: OpenTable): void {
  const { source, tables, others, problems } = reading;
  reading.table = undefined;
  const ended = endTable(table, source);
  if (ended.kind === 'own') tables.push(ended.table);
  else if (ended.kind === 'other') others.push(ended.table);
  else {
    problems.push(ended.problem);
    reading.isTooLarge ||= ended.isTooLarge;
  }
}
