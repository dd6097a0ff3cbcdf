import type { Packet } from '../../packet/packet.ts';
import type { Rule, UnreadRules } from '../ruleset.ts';

/** Chains with fewer rules are looked through as they are. */
const WORTH_AN_INDEX = 16;

/** Behind the last one of a list. */
const END = -1;

/**
 * Finds the rules that may match a packet by the one address that they ask for, since chains can hold one for each Service:
 * those for others are left out. The first packet has the index made, which holds numbers alone: a list of a place for
 * each address, and behind each place the next one.
 */
export function placeIndex(rules: UnreadRules<Rule>): (packet: Packet) => Iterable<number> {
  const { count } = rules;
  if (count < WORTH_AN_INDEX)
    return () => inOrder([0], (place) => (place + 1 < count ? place + 1 : END), count);
  let index: Index | undefined;
  return ({ source, destination }) => {
    index ??= indexOf(rules);
    const { next, first, others } = index;
    const heads = [first.destination.get(destination) ?? END, first.source.get(source) ?? END, others];
    return inOrder(heads, (place) => next[place] ?? END, count);
  };
}

interface Index {
  readonly next: Int32Array;
  readonly first: Readonly<Record<'source' | 'destination', ReadonlyMap<string, number>>>;
  /** The first rule for more than one address. */
  readonly others: number;
}

/** From behind, so that lists are in order. */
function indexOf({ count, addressOf }: UnreadRules<Rule>): Index {
  const next = new Int32Array(count);
  const first = { source: new Map<string, number>(), destination: new Map<string, number>() };
  let others = END;
  for (let place = count - 1; place >= 0; place -= 1) {
    const address = addressOf(place);
    if (address === undefined) {
      next[place] = others;
      others = place;
      continue;
    }
    const places = first[address.side];
    next[place] = places.get(address.ip) ?? END;
    places.set(address.ip, place);
  }
  return { next, first, others };
}

/** Places of several lists, the least first: few callers want all. */
function* inOrder(heads: number[], nextOf: (place: number) => number, count: number): Generator<number> {
  for (;;) {
    let least = count;
    let from = END;
    for (const [list, place] of heads.entries()) {
      if (place === END || place >= least) continue;
      [least, from] = [place, list];
    }
    if (from === END) return;
    heads[from] = nextOf(least);
    yield least;
  }
}
