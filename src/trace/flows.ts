import { type Packet, type PacketKeys, packetKeys } from '../lang/packet/packet.ts';
import type { TracedRule } from '../lang/packet/rules.ts';
import type { Verdict } from '../lang/packet/verdict.ts';
import type { Step, Trail } from '../lang/packet/way.ts';
import type { Diagram } from './diagram.ts';
import type { Diagrams } from './diagrams.ts';

/** A packet as it is at some point of its way. All ways that lead to the same packet are one. */
export interface Flow {
  readonly packet: Packet;
  /** Of all connections, how many get here. */
  readonly share: Diagram;
  /** One of the ways to get here: the one on which the fewest open questions had to be answered with yes. */
  readonly steps: Trail<Step> | undefined;
  readonly assumed: number;
}

/** A flow that a verdict has ended. */
export interface EndedFlow extends Flow {
  readonly verdict: Verdict;
  /** The rules of one chain that refused it, or that nobody can follow; none: a policy, or it was accepted. */
  readonly by: readonly TracedRule[];
}

/** What following one connection may still cost, whatever the rules are. */
export interface Budget {
  /** Rules that are asked about a packet. */
  rules: number;
  /** Packets that rules have made. */
  flows: number;
}

/** What walking needs to know of the connection, beside the packet. */
export interface Journey {
  readonly diagrams: Diagrams;
  readonly budget: Budget;
  /** A packet is looked at in many places. */
  readonly keys: Map<Packet, PacketKeys>;
}

/** To read a rule takes as long, and as much memory, as to apply so many. */
const COST_OF_READING = 25;

/** Characters of a rule that take as long to read as it takes to apply one. */
const CHARACTERS_READ = 8;

/**
 * The first packet that meets a rule pays for reading it: a text has a million rules, or one of a million words.
 * @returns whether there is enough left
 */
export function payForReading({ budget }: Journey, characters: number): boolean {
  budget.rules -= Math.max(COST_OF_READING, characters / CHARACTERS_READ);
  return budget.rules >= 0;
}

/** Nothing more can be found out. */
export function isSpent({ diagrams, budget }: Journey): boolean {
  return budget.rules < 0 || budget.flows < 0 || diagrams.isSpent();
}

/** A packet that is unlike all others takes as much memory as so many that go on as they are. */
const COST_OF_KEY = 3;

/** Tells packets apart. */
export function keysIn({ keys, budget }: Journey, packet: Packet): PacketKeys {
  const known = keys.get(packet);
  if (known !== undefined) return known;
  budget.flows -= COST_OF_KEY;
  const made = packetKeys(packet);
  keys.set(packet, made);
  return made;
}

/** Flows that gather somewhere, in the order in which they came: no two have the same packet, and end alike. */
export interface Pool<F extends Flow> {
  readonly flows: F[];
  /** Where each is. Most pools have one flow, which needs no name: so many are in here. */
  places: Map<string, number> | undefined;
}

export function emptyPool<F extends Flow>(): Pool<F> {
  return { flows: [], places: undefined };
}

/** Puts a flow to those that have the same packet. */
export function gather(journey: Journey, pool: Pool<Flow>, flow: Flow): void {
  const other = findAlike(pool, flow, ({ packet }) => keysIn(journey, packet).whole);
  if (other !== undefined) pool.flows[other.place] = united(journey, other.flow, flow);
}

/** Puts a flow to those that end alike, by rules of the same chain. */
export function gatherEnded(journey: Journey, pool: Pool<EndedFlow>, flow: EndedFlow): void {
  const other = findAlike(pool, flow, ({ packet, verdict, by: [rule] }) => {
    const place = rule === undefined ? '' : `${rule.table} ${rule.chain}`;
    const end = verdict.kind === 'accept' ? verdict.kind : JSON.stringify(verdict);
    return `${end} ${place} ${keysIn(journey, packet).whole}`;
  });
  if (other === undefined) return;
  const { by } = other.flow;
  const both = flow.by.every((each) => by.includes(each)) ? by : [...new Set([...by, ...flow.by])];
  const { packet, share, steps, assumed } = united(journey, other.flow, flow);
  pool.flows[other.place] = { packet, share, steps, assumed, verdict: other.flow.verdict, by: both };
}

/** @returns undefined when there is none, and the flow is in the pool now */
function findAlike<F extends Flow>(
  pool: Pool<F>,
  flow: F,
  nameOf: (flow: F) => string,
): { readonly place: number; readonly flow: F } | undefined {
  const { flows } = pool;
  if (flows.length > 0) {
    const places = pool.places ?? new Map<string, number>();
    pool.places = places;
    for (let place = places.size; place < flows.length; place += 1) {
      const unnamed = flows[place];
      if (unnamed !== undefined) places.set(nameOf(unnamed), place);
    }
    const name = nameOf(flow);
    const place = places.get(name);
    const other = place === undefined ? undefined : flows[place];
    if (place !== undefined && other !== undefined) return { place, flow: other };
    places.set(name, flows.length);
  }
  flows.push(flow);
  return undefined;
}

function united(journey: Journey, a: Flow, b: Flow): Flow {
  const { packet, steps, assumed } = a.assumed <= b.assumed ? a : b;
  return { packet, share: journey.diagrams.plus(a.share, b.share), steps, assumed };
}
