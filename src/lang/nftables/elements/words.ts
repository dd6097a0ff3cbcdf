/** The words of a line of nft, to be read one after the other. */
export interface Words {
  /** Strings have their quotes; braces and commas are words of their own. */
  readonly all: readonly string[];
  /** How many have been read. */
  at: number;
}

const WORD = /"[^"]*"|[{},]|[^\s{},"]+/g;

/** What ends a line when nft is asked for handles. */
const HANDLE = / # handle \d+$/;

export function withoutHandle(line: string): string {
  return line.replace(HANDLE, '');
}

/** @returns undefined when a string is not closed */
export function nftWords(text: string): Words | undefined {
  if (text.includes('"') && (text.split('"').length & 1) === 0) return undefined;
  return { all: text.match(WORD) ?? [], at: 0 };
}

export function nextWord({ all, at }: Words): string | undefined {
  return all[at];
}

/** Reads these words, if they come next. */
export function take(words: Words, ...wanted: readonly string[]): boolean {
  const { all, at } = words;
  for (const [index, word] of wanted.entries()) if (all[at + index] !== word) return false;
  words.at += wanted.length;
  return true;
}

/** Reads a word, whatever it is. */
export function takeWord(words: Words): string | undefined {
  const word = words.all[words.at];
  if (word !== undefined) words.at += 1;
  return word;
}

/** Reads the next word, if `read` makes something of it. */
export function takeAs<Value>(words: Words, read: (word: string) => Value | undefined): Value | undefined {
  const word = words.all[words.at];
  const value = word === undefined ? undefined : read(word);
  if (value !== undefined) words.at += 1;
  return value;
}

/** Reads items between braces, with commas between them. @returns undefined when that is not what comes */
export function takeBraced<Item>(
  words: Words,
  readItem: (words: Words) => Item | undefined,
): readonly Item[] | undefined {
  if (!take(words, '{')) return undefined;
  const items: Item[] = [];
  do {
    const item = readItem(words);
    if (item === undefined) return undefined;
    items.push(item);
  } while (take(words, ','));
  return take(words, '}') ? items : undefined;
}

/** Reads a string and takes its quotes off. */
export function takeString(words: Words): string | undefined {
  return takeAs(words, (word) => (word.startsWith('"') ? word.slice(1, -1) : undefined));
}
