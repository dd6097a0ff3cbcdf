import type { Collector } from '../../diagnostic/collector.ts';
import type { JsonValue } from '../../model/json.ts';
import { type Children, once, type Place, type Range } from '../place.ts';
import { createProblemCollector, duplicateKey, type Problem } from '../problem.ts';
import { readFastYaml, withLineFeeds } from './read-fast-yaml.ts';
import { nameAt, type Places, rowAt } from './reader.ts';

/**
 * Places of a document that `readFastYaml` reads, or `readRepeatedKeys`.
 * @param start where the document stands in its file
 */
export function fastYamlPlace(text: string, start: number): Place {
  const { context } = readPlaces(text, start, { isAll: true });
  const { text: lines, places, inFile } = context;
  const first = inFile(lines.search(/^ *[^\s#]/m));
  const children = once(() => childrenOf({ first: 0, end: places.rows }, context));
  return { start: first, end: first + 1, key: undefined, isBlock: false, children };
}

function readPlaces(text: string, start: number, { isAll }: Pick<Places, 'isAll'>) {
  const places: Places = { blocks: [], names: [], rows: 0, isAll };
  const value = readFastYaml(text, new Map(), places);
  const context: Context = { text: withLineFeeds(text), places, inFile: inFileOf(text, start) };
  return { value, context };
}

/**
 * A document that `readFastYaml` may have declined because keys stand twice in it: a megabyte of them takes the general parser
 * seconds, and this as long as any other.
 * @param start where the document stands in its file
 * @returns the value, in which the last of equal keys counts, and a problem for each; undefined: it is declined all the same
 */
export function readRepeatedKeys(
  text: string,
  start: number,
): { readonly value: JsonValue; readonly problems: readonly Problem[] } | undefined {
  const { value, context } = readPlaces(text, start, { isAll: false });
  if (value === undefined) return undefined;
  const problems = createProblemCollector();
  const all = { first: 0, end: context.places.rows };
  findRepeatedKeys(all, { context, path: [], problems });
  return { value, problems: problems.items() };
}

interface Search {
  readonly context: Context;
  readonly path: (string | number)[];
  readonly problems: Collector<Problem>;
}

function findRepeatedKeys(rows: Rows, search: Search): void {
  const { context, path, problems } = search;
  const seen = new Map<string | number, number>();
  for (const row of rowsWithin(rows, context.places)) {
    const name = nameAt(context.places, row);
    path.push(name);
    const before = seen.get(name);
    if (before === undefined) seen.set(name, row);
    else {
      const [range, first] = [keyRange(row, context), keyRange(before, context)];
      problems.add(duplicateKey(String(name), { range, first, path: [...path] }));
    }
    const [firstRow = row] = rowAt(context.places, row);
    if (firstRow < row) findRepeatedKeys({ first: firstRow, end: row }, search);
    path.pop();
  }
}

function keyRange(row: number, { places, inFile }: Context): Range {
  const [, start = 0, end = 0] = rowAt(places, row);
  return { start: inFile(start), end: inFile(end) };
}

interface Context {
  readonly text: string;
  readonly places: Places;
  /** From a place in `text` to one in the file. */
  readonly inFile: (offset: number) => number;
}

function inFileOf(text: string, start: number): Context['inFile'] {
  if (!text.includes('\r')) return (offset) => start + offset;
  // Where lines end that have lost their carriage return.
  const ends: number[] = [];
  for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n', at + 2)) ends.push(at - ends.length);
  return (offset) => start + offset + countBelow(ends, offset);
}

/** How many of ascending numbers are below one. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? limit) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Rows of what is in a list or map, the end exclusive. */
interface Rows {
  readonly first: number;
  readonly end: number;
}

/** Places are made of those that somebody asks for, and kept, since it may be asked again. */
function childrenOf(rows: Rows, context: Context): Children {
  const rowOf = rowFinder(rows, context.places);
  const made = new Map<string | number, Place>();
  return {
    get: (step) => {
      const row = rowOf(step);
      if (row === undefined) return undefined;
      const place = made.get(step) ?? placeOf(row, context);
      made.set(step, place);
      return place;
    },
  };
}

/** By name or index: of equal names the last one counts. Of a list, the rows are in the order of its indices. */
function rowFinder(rows: Rows, places: Places): (step: string | number) => number | undefined {
  const own = rowsWithin(rows, places);
  if (typeof nameAt(places, rows.end - 1) === 'number')
    return (step) => (typeof step === 'number' ? own[step] : undefined);
  const byName = new Map<string | number, number>();
  for (const row of own) byName.set(nameAt(places, row), row);
  return (step) => byName.get(step);
}

/** Those of the entries or items themselves, in their order. They are found backwards, since what is in a value comes before its own row. */
function rowsWithin({ first, end }: Rows, places: Places): Int32Array {
  let length = 0;
  for (let row = end - 1; row >= first; row = rowBefore(row, places)) length += 1;
  const found = new Int32Array(length);
  for (let row = end - 1; row >= first; row = rowBefore(row, places)) found[--length] = row;
  return found;
}

/** Of the entry or item in front, which may be one of another list or map. */
function rowBefore(row: number, places: Places): number {
  return (rowAt(places, row)[0] ?? 0) - 1;
}

function placeOf(row: number, context: Context): Place {
  const { text, places, inFile } = context;
  const [firstRow = row, keyStart = -1, keyEnd = -1, start = 0, end = 0] = rowAt(places, row);
  const hasKey = keyStart >= 0;
  const isFilled = firstRow < row;
  return {
    start: inFile(start),
    // A list or map is never nothing, even when all that it holds is.
    end: inFile(isFilled ? Math.max(end, start + 1) : end),
    key: hasKey ? { start: inFile(keyStart), end: inFile(keyEnd) } : undefined,
    isBlock: isFilled && hasKey && !'[{'.includes(text.charAt(start)),
    children: once(() => childrenOf({ first: firstRow, end: row }, context)),
  };
}
