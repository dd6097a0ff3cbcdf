import type { Place } from '../place.ts';
import { readFastYaml, withLineFeeds } from './read-fast-yaml.ts';
import type { EntryPlace, Places } from './reader.ts';

/**
 * Places of a document that `readFastYaml` reads.
 * @param start where the document stands in its file
 */
export function fastYamlPlace(text: string, start: number): Place {
  const places: Places = new Map();
  const value = readFastYaml(text, new Map(), places) ?? null;
  const context: Context = { text: withLineFeeds(text), places, inFile: inFileOf(text, start) };
  const first = context.inFile(context.text.search(/^ *[^\s#]/m));
  const root = placeOf({ key: undefined, value, start: 0, end: 0 }, context);
  return { ...root, start: first, end: first + 1 };
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

function placeOf({ key, value, start, end }: EntryPlace, context: Context): Place {
  const { text, inFile } = context;
  const isCollection = typeof value === 'object' && value !== null;
  return {
    start: inFile(start),
    // A list or map is never nothing, even when all that it holds is.
    end: inFile(context.places.has(value) ? Math.max(end, start + 1) : end),
    key: key === undefined ? undefined : { start: inFile(key.start), end: inFile(key.end) },
    isBlock: isCollection && key !== undefined && !'[{'.includes(text.charAt(start)),
    children: () => ({
      get: (step) => {
        const entry = context.places.get(value)?.get(step);
        return entry === undefined ? undefined : placeOf(entry, context);
      },
    }),
  };
}
