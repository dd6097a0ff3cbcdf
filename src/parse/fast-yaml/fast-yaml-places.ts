import { type Children, once, type Place } from '../place.ts';
import { readFastYaml, withLineFeeds } from './read-fast-yaml.ts';
import { type Places, rowAt } from './reader.ts';

/**
 * Places of a document that `readFastYaml` reads.
 * @param start where the document stands in its file
 */
export function fastYamlPlace(text: string, start: number): Place {
  const places: Places = { blocks: [], names: [] };
  readFastYaml(text, new Map(), places);
  const context: Context = { text: withLineFeeds(text), places, inFile: inFileOf(text, start) };
  const first = context.inFile(context.text.search(/^ *[^\s#]/m));
  const children = once(() => childrenOf({ first: 0, end: places.names.length }, context));
  return { start: first, end: first + 1, key: undefined, isBlock: false, children };
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
  const rowOf = rowsByName(rows, context.places);
  const made = new Map<string | number, Place>();
  return {
    get: (step) => {
      const row = rowOf.get(step);
      if (row === undefined) return undefined;
      const place = made.get(step) ?? placeOf(row, context);
      made.set(step, place);
      return place;
    },
  };
}

/** By name or index. Backwards, since what is in a value comes before its own row. */
function rowsByName({ first, end }: Rows, places: Places): ReadonlyMap<string | number, number> {
  const found = new Map<string | number, number>();
  for (let row = end - 1; row >= first; row = (rowAt(places, row)[0] ?? 0) - 1)
    found.set(places.names[row] ?? '', row);
  return found;
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
