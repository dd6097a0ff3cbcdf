import type { Place, Range } from '../place.ts';
import { readFastYaml } from './read-fast-yaml.ts';
import type { EntryPlace, Places } from './reader.ts';

/**
 * Places of a document that `readFastYaml` reads.
 * @param start where the document stands in its file
 */
export function fastYamlPlace(text: string, start: number): Place {
  const places: Places = new Map();
  const value = readFastYaml(text, new Map(), places) ?? null;
  const first = start + text.search(/^ *[^\s#]/m);
  const root = placeOf({ key: undefined, value, start: 0, end: 0 }, { text, places, offset: start });
  return { ...root, start: first, end: first + 1 };
}

interface Context {
  readonly text: string;
  readonly places: Places;
  /** Where the document stands in its file. */
  readonly offset: number;
}

function placeOf({ key, value, start, end }: EntryPlace, context: Context): Place {
  const { text, offset } = context;
  const isCollection = typeof value === 'object' && value !== null;
  return {
    start: offset + start,
    // A list or map is never nothing, even when all that it holds is.
    end: offset + (context.places.has(value) ? Math.max(end, start + 1) : end),
    key: key === undefined ? undefined : shift(key, offset),
    isBlock: isCollection && key !== undefined && !'[{'.includes(text.charAt(start)),
    children: () => ({
      get: (step) => {
        const entry = context.places.get(value)?.get(step);
        return entry === undefined ? undefined : placeOf(entry, context);
      },
    }),
  };
}

function shift({ start, end }: Range, offset: number): Range {
  return { start: start + offset, end: end + offset };
}
