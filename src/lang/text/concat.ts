/** The items of all parts, one after the other. It can be read as often as all of them can. */
export function concat<Item>(parts: readonly Iterable<Item>[]): Iterable<Item> {
  return { [Symbol.iterator]: () => itemsOf(parts) };
}

function* itemsOf<Item>(parts: readonly Iterable<Item>[]): Generator<Item> {
  for (const part of parts) yield* part;
}
