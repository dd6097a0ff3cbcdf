import { isNone } from '../lang/packet/fraction.ts';
import type { Unknown } from '../lang/packet/holds.ts';
import { type Packet, packetKey } from '../lang/packet/packet.ts';
import type { BaseChain, Branch, Hook, TracedRule } from '../lang/packet/rules.ts';
import type { Verdict } from '../lang/packet/verdict.ts';
import { joined, type Step, type Trail, withItem } from '../lang/packet/way.ts';
import type { Diagram, Diagrams } from './diagram.ts';

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
}

/** Nothing more can be found out. */
export function isSpent({ diagrams, budget }: Journey): boolean {
  return budget.rules < 0 || budget.flows < 0 || diagrams.isSpent();
}

/** So many packets at once come of rules that are not understood, if anything. */
const MAX_WAITING = 1000;

/** Jumps that the kernel allows, one inside the other. */
const MAX_DEPTH = 128;

interface Walk {
  readonly hook: Hook;
  readonly base: BaseChain;
  readonly journey: Journey;
  /** By chain and packet; `walking`: not yet known, since it is being walked. */
  readonly known: Map<string, Passage | 'walking'>;
}

/** What becomes of a packet that comes to a chain: all shares are of what comes there. */
interface Passage {
  readonly ended: readonly EndedFlow[];
  /** Those that leave it by its end or a return. */
  readonly left: readonly Flow[];
}

/** Follows packets through a base chain: every flow has a verdict in the end. */
export function walkBaseChain(
  base: BaseChain,
  { hook, journey }: { readonly hook: Hook; readonly journey: Journey },
  flow: Flow,
): readonly EndedFlow[] {
  const walk: Walk = { hook, base, journey, known: new Map() };
  const { ended, left } = walkChain(walk, { chain: base.name, packet: flow.packet, depth: 0 });
  const { policy } = base;
  const step: Step = { kind: 'policy', hook, base };
  const leftOver = left.map((each) => ({
    ...(policy === 'drop' ? withStep(each, step) : each),
    verdict: { kind: policy },
    by: [],
  }));
  return [...ended, ...leftOver].flatMap((each) => continued(walk, flow, each) ?? []);
}

/** A flow that goes on as another one, which was walked as if everything came there; undefined: nothing does. */
function continued<F extends Flow>({ journey: { diagrams } }: Walk, before: Flow, after: F): F | undefined {
  const share = diagrams.times(before.share, after.share);
  if (share === diagrams.none) return undefined;
  const steps = joined(before.steps, after.steps);
  return { ...after, share, steps, assumed: before.assumed + after.assumed };
}

interface Entry {
  readonly chain: string;
  readonly packet: Packet;
  readonly depth: number;
}

function walkChain(walk: Walk, entry: Entry): Passage {
  const { chain, packet, depth } = entry;
  const start: Flow = { packet, share: walk.journey.diagrams.all, steps: undefined, assumed: 0 };
  const lost = (reason: string): Passage => ({
    ended: [{ ...start, verdict: { kind: 'lost', reason }, by: [] }],
    left: [],
  });
  if (walk.base.find(chain) === undefined) return lost(`there is no chain ${chain}`);
  if (depth > MAX_DEPTH)
    return lost(`more than ${MAX_DEPTH} jumps, one inside the other, lead to chain ${chain}`);
  const key = `${chain} ${packetKey(packet)}`;
  const known = walk.known.get(key);
  if (known === 'walking') return lost(`chain ${chain} leads back to itself`);
  if (known !== undefined) return known;
  walk.known.set(key, 'walking');
  const passage = passRules(walk, entry, start);
  walk.known.set(key, passage);
  return passage;
}

/** Where flows gather behind a rule, or at the end of a chain. */
interface Gathered {
  readonly next: Map<string, Flow>;
  readonly returned: Map<string, Flow>;
  readonly ended: Map<string, EndedFlow>;
}

function passRules(walk: Walk, { chain, packet, depth }: Entry, start: Flow): Passage {
  const { journey } = walk;
  const returned = new Map<string, Flow>();
  const ended = new Map<string, EndedFlow>();
  let waiting: readonly Flow[] = [start];
  for (const rule of walk.base.find(chain)?.rulesFor(packet) ?? []) {
    journey.budget.rules -= waiting.length;
    if (isSpent(journey)) return { ended: [], left: [] };
    const applied = waiting.map((flow) => rule.apply(flow.packet));
    if (applied.every((each) => each === undefined)) continue;
    const next = new Map<string, Flow>();
    for (const [index, flow] of waiting.entries()) {
      const application = applied[index];
      if (application === undefined) gather(journey, next, flow);
      else applyRule(walk, { rule, flow, depth, ...application }, { next, returned, ended });
    }
    waiting = [...next.values()];
    if (waiting.length > MAX_WAITING) journey.budget.flows = -1;
    if (waiting.length === 0) break;
  }
  for (const flow of waiting) gather(journey, returned, flow);
  return { ended: [...ended.values()], left: [...returned.values()] };
}

interface Applied {
  readonly rule: TracedRule;
  readonly flow: Flow;
  readonly depth: number;
  readonly given: readonly Unknown[];
  readonly branches: readonly Branch[];
}

function applyRule(walk: Walk, { rule, flow, depth, given, branches }: Applied, to: Gathered): void {
  const { diagrams, budget } = walk.journey;
  budget.flows -= branches.length;
  const when = given.reduce((all, each) => diagrams.times(all, diagrams.where(each, rule)), diagrams.all);
  const taken = diagrams.times(flow.share, when);
  if (taken !== flow.share) {
    const share = diagrams.times(flow.share, diagrams.without(when));
    if (share !== diagrams.none) gather(walk.journey, to.next, { ...flow, share });
  }
  if (taken === diagrams.none) return;
  for (const branch of branches) {
    if (isNone(branch.share)) continue;
    const { packet, effect, share } = branch;
    const step: Step = { kind: 'rule', hook: walk.hook, rule, branch, given };
    const after: Flow = {
      packet,
      share: diagrams.scaled(taken, share),
      steps: effect === undefined ? flow.steps : withItem(flow.steps, step),
      assumed: flow.assumed + (effect === undefined ? 0 : given.filter(({ holds }) => holds).length),
    };
    goOn(walk, { ...to, rule, branch, flow, after, depth });
  }
}

interface Onward extends Gathered {
  readonly rule: TracedRule;
  readonly branch: Branch;
  /** Before the rule, and behind it. */
  readonly flow: Flow;
  readonly after: Flow;
  readonly depth: number;
}

function goOn(walk: Walk, { rule, branch, flow, after, depth, next, returned, ended }: Onward): void {
  const { journey } = walk;
  switch (branch.next.kind) {
    case 'on':
      gather(journey, next, after);
      break;
    case 'return':
      gather(journey, returned, after);
      break;
    case 'verdict': {
      const { verdict } = branch.next;
      gatherEnded(journey, ended, {
        ...after,
        verdict,
        by: verdict.kind === 'accept' ? [] : [rule],
      });
      break;
    }
    default: {
      const isJump = branch.next.kind === 'jump';
      const inner = walkChain(walk, { chain: branch.next.chain, packet: after.packet, depth: depth + 1 });
      journey.budget.flows -= inner.ended.length + inner.left.length;
      if (isSpent(journey)) return;
      for (const each of inner.ended) {
        const whole = continued(walk, after, each);
        if (whole !== undefined) gatherEnded(journey, ended, whole);
      }
      for (const each of inner.left) {
        // A jump into a chain where nothing happened is not worth telling.
        const isVain = isJump && each.steps === undefined;
        const whole = continued(walk, isVain ? { ...flow, share: after.share } : after, each);
        if (whole !== undefined) gather(journey, isJump ? next : returned, whole);
      }
    }
  }
}

function withStep(flow: Flow, step: Step): Flow {
  return { ...flow, steps: withItem(flow.steps, step) };
}

/** Puts a flow to those that have the same packet. */
export function gather(journey: Journey, flows: Map<string, Flow>, flow: Flow): void {
  const key = packetKey(flow.packet);
  const other = flows.get(key);
  flows.set(key, other === undefined ? flow : united(journey, other, flow));
}

/** Puts a flow to those that end alike, by rules of the same chain. */
export function gatherEnded(journey: Journey, flows: Map<string, EndedFlow>, flow: EndedFlow): void {
  const [rule] = flow.by;
  const place = rule === undefined ? '' : `${rule.table} ${rule.chain}`;
  const key = `${JSON.stringify(flow.verdict)} ${place} ${packetKey(flow.packet)}`;
  const other = flows.get(key);
  if (other === undefined) flows.set(key, flow);
  else {
    const by = flow.by.every((each) => other.by.includes(each)) ? other.by : [...other.by, ...flow.by];
    flows.set(key, { ...united(journey, other, flow), by: [...new Set(by)] });
  }
}

function united<F extends Flow>({ diagrams }: Journey, a: F, b: F): F {
  const told = a.assumed <= b.assumed ? a : b;
  return { ...told, share: diagrams.plus(a.share, b.share) };
}
