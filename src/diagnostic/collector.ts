import type { More, Severity } from './diagnostic.ts';

/** As many results as code scanning of GitHub takes in one run ("SARIF support for code scanning", Validating your SARIF file). */
const MAX_KEPT = 25_000;

/** How many of one code are kept. */
export const MAX_OF_CODE = 2500;

/** What can be collected: diagnostics, and what stages make them of. */
interface Found {
  readonly code: string;
  readonly severity: Severity;
  readonly more?: More | undefined;
}

/**
 * Gathers what is found in input of any size: the first of each code, so that a few megabytes of mistakes don't become
 * gigabytes of diagnostics, and how many more there are. No code is left out altogether.
 */
export interface Collector<Item extends Found> {
  readonly add: (item: Item) => void;
  /** Whether the next one of this sort will be kept; where not, it need not be made, but only counted. */
  readonly hasRoom: (sort: Found) => boolean;
  /** Counts what was not made: so many, in this file. */
  readonly count: (sort: Found, number: number, file?: string) => void;
  /** How many errors there are, kept or not. */
  readonly errors: () => number;
  /** Those that are kept, in the order in which they came. The last one of a sort says how many more there are. */
  readonly items: () => readonly Item[];
}

interface Tally {
  kept: number;
  /** Where the last one that is kept stands among all. */
  last: number;
  more: number;
  readonly files: Set<string>;
}

/** @param fileOf where something was found */
export function createCollector<Item extends Found>(
  fileOf: (item: Item) => string | undefined,
): Collector<Item> {
  const kept: Item[] = [];
  const tallies = new Map<string, Tally>();
  let errors = 0;
  const tallyOf = ({ code, severity }: Found): Tally => {
    const key = `${severity} ${code}`;
    const tally = tallies.get(key) ?? { kept: 0, last: -1, more: 0, files: new Set<string>() };
    tallies.set(key, tally);
    return tally;
  };
  const hasRoom = (sort: Found): boolean => {
    const tally = tallyOf(sort);
    return tally.kept === 0 || (tally.kept < MAX_OF_CODE && kept.length < MAX_KEPT);
  };
  const count = (sort: Found, number: number, file?: string): void => {
    const tally = tallyOf(sort);
    tally.more += number;
    if (file !== undefined) tally.files.add(file);
    if (sort.severity === 'error') errors += number;
  };
  return {
    hasRoom,
    count,
    add: (item) => {
      if (hasRoom(item)) {
        const tally = tallyOf(item);
        tally.kept += 1;
        tally.last = kept.length;
        kept.push(item.more === undefined ? item : { ...item, more: undefined });
        if (item.severity === 'error') errors += 1;
      } else count(item, 1, fileOf(item));
      if (item.more === undefined) return;
      count(item, item.more.count);
      for (const file of item.more.files) count(item, 0, file);
    },
    errors: () => errors,
    items: () => withMore(kept, [...tallies.values()]),
  };
}

function withMore<Item extends Found>(kept: readonly Item[], tallies: readonly Tally[]): readonly Item[] {
  const items = [...kept];
  for (const { last, more, files } of tallies) {
    const item = items[last];
    if (item !== undefined && more > 0) items[last] = { ...item, more: { count: more, files } };
  }
  return items;
}
