/** The items of all parts, one after the other; each part is read once. */
export function* concat<Item>(parts: readonly Iterable<Item>[]): Generator<Item> {
  for (const part of parts) yield* part;
}
