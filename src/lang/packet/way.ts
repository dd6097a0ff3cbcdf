import type { Unknown } from './holds.ts';
import type { HostServer } from './host.ts';
import type { BaseChain, Branch, Hook, TracedRule } from './rules.ts';

/** What happened to a packet. */
export type Step =
  | {
      readonly kind: 'rule';
      readonly hook: Hook;
      readonly rule: TracedRule;
      readonly branch: Branch;
      /** What the rule asks for and only the node can tell: it holds here. */
      readonly given: readonly Unknown[];
    }
  /** It got to the end of a built-in chain. */
  | {
      readonly kind: 'policy';
      readonly hook: Hook;
      readonly base: BaseChain;
    }
  | { readonly kind: 'route'; readonly to: 'node' | 'elsewhere'; readonly ip: string }
  | { readonly kind: 'schedule'; readonly hook: Hook; readonly server: HostServer };

/** A list that shares its beginning, and parts, with others. */
export interface Trail<T> {
  readonly before: Trail<T> | undefined;
  readonly last:
    | { readonly kind: 'item'; readonly item: T }
    | { readonly kind: 'part'; readonly part: Trail<T> };
  /** How many items there are. */
  readonly length: number;
}

/** A trail with one more item. */
export function withItem<T>(before: Trail<T> | undefined, item: T): Trail<T> {
  return { before, last: { kind: 'item', item }, length: (before?.length ?? 0) + 1 };
}

/** One trail behind another. */
export function joined<T>(before: Trail<T> | undefined, part: Trail<T> | undefined): Trail<T> | undefined {
  if (part === undefined || before === undefined) return part ?? before;
  return { before, last: { kind: 'part', part }, length: before.length + part.length };
}

/** The items of a trail, the first one first. */
export function itemsOf<T>(trail: Trail<T> | undefined): readonly T[] {
  const items: T[] = [];
  const waiting: (Trail<T> | undefined)[] = [trail];
  while (waiting.length > 0) {
    const each = waiting.pop();
    if (each === undefined) continue;
    waiting.push(each.before);
    if (each.last.kind === 'part') waiting.push(each.last.part);
    else items.push(each.last.item);
  }
  return items.reverse();
}
