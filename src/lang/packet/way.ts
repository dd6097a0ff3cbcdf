import type { Fraction } from './fraction.ts';
import type { HostServer } from './host.ts';
import type { Packet } from './packet.ts';
import type { TracedRule } from './rules.ts';

/** Something that decides, and that nobody but the node can know. */
export interface Assumption {
  readonly rule: TracedRule;
  /** What svcgen does not know of it: arguments of iptables, or an interface. */
  readonly unknown: string;
  readonly holds: boolean;
}

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

/** The points at which the kernel asks its rules. */
export type Hook = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING';

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

/** Why a packet goes no further in a chain, and in none of its callers. */
export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly with?: string }
  /** Nobody knows what comes of it. */
  | { readonly kind: 'lost'; readonly reason: string };

/** A way that a verdict has ended. */
export interface EndedWay extends Way {
  readonly verdict: Verdict;
}

/** What a rule does next with a packet. */
export type Next =
  | { readonly kind: 'on' }
  | { readonly kind: 'return' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  | { readonly kind: 'verdict'; readonly verdict: Verdict };

/** One of the things that a rule can do with a packet. */
export interface Branch {
  readonly packet: Packet;
  readonly next: Next;
  /** Of the packets that come to the rule. */
  readonly share: Fraction;
  /** What the rule does, in few words of its language; undefined: its matches don't hold, or it does nothing. */
  readonly effect: string | undefined;
  readonly assumption?: Assumption;
}

/** The items of a trail, the first one first. */
export function itemsOf<T>(trail: Trail<T> | undefined): readonly T[] {
  const items: T[] = [];
  for (let each = trail; each !== undefined; each = each.before) items.push(each.item);
  return items.reverse();
}
