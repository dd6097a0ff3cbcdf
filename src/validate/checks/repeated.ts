import type { Finding, Report } from '../rule.ts';

/**
 * Reports every item whose key an earlier item has already; items with an empty key don't count. `toFinding` gets
 * the index of the item, and of the first one with its key.
 */
export function reportRepeated<T>(
  items: readonly T[],
  rule: {
    readonly keyOf: (item: T) => string;
    readonly toFinding: (item: T, index: number, first: number) => Finding;
    readonly report: Report;
  },
): void {
  if (items.length < 2) return;
  const seen = new Map<string, number>();
  items.forEach((item, index) => {
    const key = rule.keyOf(item);
    if (key === '') return;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, index);
    else rule.report(rule.toFinding(item, index, first));
  });
}
