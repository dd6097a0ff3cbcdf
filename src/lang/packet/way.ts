import type { Fraction } from './fraction.ts';
import type { HostServer } from './host.ts';
import type { Packet } from './packet.ts';
import type { Assumption, Branch, Hook, TracedRule } from './rules.ts';
import type { Verdict } from './verdict.ts';

/** What happened to a packet. */
export type Step =
  | { readonly kind: 'rule'; readonly hook: Hook; readonly rule: TracedRule; readonly branch: Branch }
  /** It got to the end of a built-in chain. */
  | {
      readonly kind: 'policy';
      readonly hook: Hook;
      readonly table: string;
      readonly policy: 'accept' | 'drop';
    }
  | { readonly kind: 'route'; readonly to: 'node' | 'elsewhere'; readonly ip: string }
  | { readonly kind: 'schedule'; readonly hook: Hook; readonly server: HostServer };

/** A list that shares its beginning with others, the last item first. */
export interface Trail<T> {
  readonly item: T;
  readonly before: Trail<T> | undefined;
}

/** One way that a connection can take: several where chance decides, or something that is not known. */
export interface Way {
  readonly packet: Packet;
  /** Of all connections, under its assumptions. */
  readonly share: Fraction;
  readonly steps: Trail<Step> | undefined;
  readonly assumptions: Trail<Assumption> | undefined;
}

/** A way that a verdict has ended. */
export interface EndedWay extends Way {
  readonly verdict: Verdict;
}

/** The items of a trail, the first one first. */
export function itemsOf<T>(trail: Trail<T> | undefined): readonly T[] {
  const items: T[] = [];
  for (let each = trail; each !== undefined; each = each.before) items.push(each.item);
  return items.reverse();
}
