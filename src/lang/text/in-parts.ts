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
  /** Of all items. */
  text?: string;
  /** Of each element of a set or map. */
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

/** What is made of each of some, when it is read. */
export function* madeOfEach<From, Made>(from: Iterable<From>, make: (each: From) => Made): Generator<Made> {
  for (const each of from) yield make(each);
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
