/**
 * Numbers for words that stand in a text: names of chains, in their order. A large dump has a hundred thousand, and a Map of
 * them takes most of its time in going to each string that it holds, one after the other all over memory. Here words stay in
 * their text, and a number lies beside a hash, which most searches need no more than.
 */
export interface TextIndex {
  /** Gives words their number, from 0: the one that they have, if they were added before. */
  readonly add: (start: number, end: number) => number;
  /** -1: they were not added. */
  readonly find: (words: string) => number;
  /** The same of words in the text itself. */
  readonly findAt: (start: number, end: number) => number;
  /** The same where something else than the words tells whether a number is the one that is meant. */
  readonly findBy: (words: string, isMeant: (number: number) => boolean) => number;
  readonly wordsOf: (number: number) => string;
  readonly size: () => number;
}

/** A hash, and the number of the words that it is of, counted from 1. */
const SLOT = 2;
const FIRST_SLOTS = 16;
/** How many slots are looked at: names that share a hash on purpose go to a Map. */
const MOST_PROBES = 32;
const NOT_FOUND = 0;

/** @param text where words stand */
export function textIndex(text: string): TextIndex {
  const [starts, ends]: [number[], number[]] = [[], []];
  /** Words are near where their hash says. At least half of the slots are free. */
  let slots = new Int32Array(FIRST_SLOTS * SLOT);
  const crowded = new Map<string, number>();
  const wordsOf = (number: number) => text.slice(starts[number], ends[number]);
  /** @returns the number, counted from 1, or `NOT_FOUND` */
  const search = (hash: number, isMeant: (number: number) => boolean, words: () => string): number => {
    const mask = slots.length - SLOT;
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const slot = ((hash + probe) * SLOT) & mask;
      const number = slots[slot + 1] ?? NOT_FOUND;
      if (number === NOT_FOUND || (slots[slot] === hash && isMeant(number - 1))) return number;
    }
    return (crowded.get(words()) ?? -1) + 1;
  };
  const put = (hash: number, number: number): void => {
    const mask = slots.length - SLOT;
    for (let probe = 0; probe < MOST_PROBES; probe += 1) {
      const slot = ((hash + probe) * SLOT) & mask;
      if (slots[slot + 1] !== NOT_FOUND) continue;
      slots[slot] = hash;
      slots[slot + 1] = number + 1;
      return;
    }
    crowded.set(wordsOf(number), number);
  };
  const enlarge = (): void => {
    const before = slots;
    slots = new Int32Array(before.length * 4);
    for (let slot = 0; slot < before.length; slot += SLOT) {
      const number = before[slot + 1] ?? NOT_FOUND;
      if (number !== NOT_FOUND) put(before[slot] ?? 0, number - 1);
    }
    const others = [...crowded];
    crowded.clear();
    for (const [words, number] of others) put(hashOf(words, 0, words.length), number);
  };
  const isAt = (number: number, start: number, end: number): boolean => {
    const own = starts[number] ?? 0;
    if ((ends[number] ?? 0) - own !== end - start) return false;
    for (let at = start; at < end; at += 1)
      if (text.charCodeAt(own + at - start) !== text.charCodeAt(at)) return false;
    return true;
  };
  const find = (words: string): number => {
    const isMeant = (number: number) => wordsOf(number) === words;
    return search(hashOf(words, 0, words.length), isMeant, () => words) - 1;
  };
  const findHashed = (hash: number, start: number, end: number): number =>
    search(
      hash,
      (number) => isAt(number, start, end),
      () => text.slice(start, end),
    ) - 1;
  return {
    add: (start, end) => {
      const hash = hashOf(text, start, end);
      const known = findHashed(hash, start, end);
      if (known >= 0) return known;
      const number = starts.push(start) - 1;
      ends.push(end);
      put(hash, number);
      if (starts.length * SLOT * 2 > slots.length) enlarge();
      return number;
    },
    find,
    findAt: (start, end) => findHashed(hashOf(text, start, end), start, end),
    findBy: (words, isMeant) => search(hashOf(words, 0, words.length), isMeant, () => words) - 1,
    wordsOf,
    size: () => starts.length,
  };
}

/** FNV-1a (RFC 9923), with its upper half mixed into the lower one, which slots are chosen by. */
function hashOf(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
