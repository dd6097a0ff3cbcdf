/** Items, maybe in parts. Whoever does not print them sees one item after the other. */
export type Items<Item> = Iterable<Item> & { readonly parts?: Iterable<ListPart<Item>> };

/** What belongs together in a list: what one service port adds to it. */
export interface ListPart<Item> {
  readonly items: readonly Item[];
  /** The part comes again, with other nodes: what is found out of it may be kept. */
  readonly kept?: KeptOfPart;
}

/** Empty as long as nobody has asked. */
export interface KeptOfPart {
  /** Of all items, as the one printer of such lists has it. */
  text?: string;
  /** Of each item, where no two of a list may be the same. */
  keys?: readonly string[];
}

/** A list of the items of all parts. It is read as often as `parts` can be: of a generator, once. */
export function inParts<Item>(parts: Iterable<ListPart<Item>>): Items<Item> {
  return { parts, [Symbol.iterator]: () => itemsOf(parts) };
}

function* itemsOf<Item>(parts: Iterable<ListPart<Item>>): Generator<Item> {
  for (const { items } of parts) yield* items;
}

/** The parts of a list; one that has none is one part. */
export function partsOf<Item>(items: Items<Item>): Iterable<ListPart<Item>> {
  return items.parts ?? [{ items: [...items] }];
}

/** How many items there are, where the parts can be read again. */
export function lengthOf<Item>(items: Items<Item>): number {
  let count = 0;
  for (const part of partsOf(items)) count += part.items.length;
  return count;
}

/** Parts with the first item of each key alone: an entry that is there already is refused. */
export function firstByKey<Item>(
  parts: Iterable<ListPart<Item>>,
  keyOf: (item: Item) => string,
): Iterable<ListPart<Item>> {
  return { [Symbol.iterator]: () => firstOnes(parts, keyOf) };
}

function* firstOnes<Item>(
  parts: Iterable<ListPart<Item>>,
  keyOf: (item: Item) => string,
): Generator<ListPart<Item>> {
  const seen = new Set<string>();
  const isFirst = (key: string) => seen.size < seen.add(key).size;
  for (const part of parts) {
    const { items, kept } = part;
    if (items.length === 0) continue;
    const keys = kept?.keys ?? items.map(keyOf);
    if (kept !== undefined) kept.keys = keys;
    const first = keys.map(isFirst);
    yield first.includes(false) ? { items: items.filter((_, place) => first[place]) } : part;
  }
}

/**
 * What is made of each of some, one by one whenever it is read. To have all of it at once would cost more than memory: V8 puts
 * objects that live long where old ones are, from then on also those made at that place which nobody needs for long, and whatever
 * those hold on to goes the same way (rules of 10,000 Services x 10: a fifth more memory, and of the time).
 */
export function madeOfEach<From, Made>(from: Iterable<From>, make: (each: From) => Made): Iterable<Made> {
  return { [Symbol.iterator]: () => makeEach(from, make) };
}

function* makeEach<From, Made>(from: Iterable<From>, make: (each: From) => Made): Generator<Made> {
  for (const each of from) yield make(each);
}

export function isEmpty(items: Iterable<unknown>): boolean {
  for (const _ of items) return false;
  return true;
}

/** How items become text. */
export interface PartPrinter<Item> {
  readonly linesOf: (item: Item) => Iterable<string>;
  /** What stands between two items. */
  readonly between: string;
}

/** The texts of items, with nothing between one and the next: that of a kept part at once, and joined, others one by one. */
export function* printParts<Item>(items: Items<Item>, printer: PartPrinter<Item>): Generator<string> {
  if (items.parts === undefined) return yield* printEach(items, printer);
  for (const { items: own, kept } of items.parts) {
    if (own.length === 0) continue;
    if (kept === undefined) {
      yield* printEach(own, printer);
    } else {
      kept.text ??= printJoined(own, printer);
      yield kept.text;
    }
  }
}

function* printEach<Item>(items: Iterable<Item>, { linesOf }: PartPrinter<Item>): Generator<string> {
  for (const item of items) yield* linesOf(item);
}

function printJoined<Item>(items: readonly Item[], { linesOf, between }: PartPrinter<Item>): string {
  return items.map((item) => [...linesOf(item)].join('')).join(between);
}
