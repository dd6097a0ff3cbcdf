import type { Packet } from '../../packet/packet.ts';
import type { Rule } from '../ruleset.ts';

/** Chains with fewer rules are looked through as they are. */
const WORTH_AN_INDEX = 16;

/** Rules by the one address that they ask for: chains can hold one for each Service. */
export interface RuleIndex<T> {
  /** In their order; those for other addresses are left out. */
  readonly rulesFor: (packet: Packet) => Iterable<T>;
}

interface Numbered<T> {
  readonly place: number;
  readonly item: T;
}

/** Items in the order of their rules, found by the packets that they may match. */
export function indexRules<T>(items: readonly T[], ruleOf: (item: T) => Rule): RuleIndex<T> {
  if (items.length < WORTH_AN_INDEX) return { rulesFor: () => items };
  const byDestination = new Map<string, Numbered<T>[]>();
  const bySource = new Map<string, Numbered<T>[]>();
  const others: Numbered<T>[] = [];
  for (const [place, item] of items.entries()) {
    const destination = onlyAddress(ruleOf(item), 'destination');
    const source = destination === undefined ? onlyAddress(ruleOf(item), 'source') : undefined;
    const numbered = { place, item };
    if (destination !== undefined) append(byDestination, destination, numbered);
    else if (source !== undefined) append(bySource, source, numbered);
    else others.push(numbered);
  }
  return {
    rulesFor: (packet) => {
      const lists = [byDestination.get(packet.destination) ?? [], bySource.get(packet.source) ?? [], others];
      return inOrder(lists.filter((list) => list.length > 0));
    },
  };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** The address of `10.0.0.1/32`, where a rule asks for that. */
function onlyAddress({ matches }: Rule, kind: 'source' | 'destination'): string | undefined {
  for (const match of matches) {
    if (match.kind !== kind || match.negated === true) continue;
    const [ip, length] = match.cidr.split('/');
    if (length === (match.cidr.includes(':') ? '128' : '32')) return ip;
  }
  return undefined;
}

/** Merges sorted lists, item by item: few callers want all. */
function* inOrder<T>(lists: readonly (readonly Numbered<T>[])[]): Generator<T> {
  const places = lists.map(() => 0);
  for (;;) {
    let first: Numbered<T> | undefined;
    let from = -1;
    for (const [index, list] of lists.entries()) {
      const candidate = list[places[index] ?? 0];
      if (candidate === undefined || (first !== undefined && first.place < candidate.place)) continue;
      first = candidate;
      from = index;
    }
    if (first === undefined) return;
    places[from] = (places[from] ?? 0) + 1;
    yield first.item;
  }
}
