import { isNone } from '../lang/packet/fraction.ts';
import type { Packet } from '../lang/packet/packet.ts';
import type { Application, BaseChain, Branch, Hook, TracedRule } from '../lang/packet/rules.ts';
import { joined, type Step, withItem } from '../lang/packet/way.ts';
import {
  type EndedFlow,
  emptyPool,
  type Flow,
  gather,
  gatherEnded,
  isSpent,
  type Journey,
  keysIn,
  type Pool,
  payForReading,
} from './flows.ts';

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

/**
 * Follows packets through a base chain: every flow has a verdict in the end. Packets that the chain takes for alike go
 * through it once.
 */
export function baseChainWalker(
  base: BaseChain,
  { hook, journey }: { readonly hook: Hook; readonly journey: Journey },
): (flow: Flow) => readonly EndedFlow[] {
  const walk: Walk = { hook, base, journey, known: new Map() };
  const passed = new Map<string, Passed>();
  return (flow) => {
    const { packet } = flow;
    const alike = base.classOf?.(packet);
    if (alike === undefined) return after(walk, flow, walkAll(walk, packet));
    const key = `${alike} ${keysIn(journey, packet).elsewhere}`;
    const known = passed.get(key) ?? { packet, ended: walkAll(walk, packet) };
    passed.set(key, known);
    const ended =
      known.packet === packet ? known.ended : known.ended.map((each) => asIf(packet, known.packet, each));
    return after(walk, flow, ended);
  };
}

/** What became of a packet, and of all that are like it. */
interface Passed {
  readonly packet: Packet;
  readonly ended: readonly EndedFlow[];
}

/** Where another packet goes when it ends like one that has passed. */
function asIf(packet: Packet, passed: Packet, ended: EndedFlow): EndedFlow {
  const { share, steps, assumed, verdict, by } = ended;
  const { destination, port } = packet;
  const own = ended.packet === passed ? packet : { ...ended.packet, destination, port };
  return { packet: own, share, steps, assumed, verdict, by };
}

function after(walk: Walk, flow: Flow, ended: readonly EndedFlow[]): readonly EndedFlow[] {
  const all: EndedFlow[] = [];
  for (const each of ended) {
    const whole = endedAfter(walk, flow, each);
    if (whole !== undefined) all.push(whole);
  }
  return all;
}

/** As if all connections came to the chain. */
function walkAll(walk: Walk, packet: Packet): readonly EndedFlow[] {
  const { base, hook } = walk;
  const { ended, left } = walkChain(walk, { chain: base.name, packet, depth: 0 });
  if (left.length === 0) return ended;
  const verdict = { kind: base.policy };
  const step: Step = { kind: 'policy', hook, base };
  const passed = left.map((each): EndedFlow => {
    const { share, steps, assumed } = base.policy === 'drop' ? withStep(each, step) : each;
    return { packet: each.packet, share, steps, assumed, verdict, by: [] };
  });
  return ended.length === 0 ? passed : [...ended, ...passed];
}

/** A flow that goes on as another one, which was walked as if everything came there; undefined: nothing does. */
function continued({ journey: { diagrams } }: Walk, before: Flow, after: Flow): Flow | undefined {
  const share = diagrams.times(before.share, after.share);
  if (share === diagrams.none) return undefined;
  const steps = joined(before.steps, after.steps);
  return { packet: after.packet, share, steps, assumed: before.assumed + after.assumed };
}

function endedAfter(walk: Walk, before: Flow, after: EndedFlow): EndedFlow | undefined {
  const whole = continued(walk, before, after);
  if (whole === undefined) return undefined;
  const { packet, share, steps, assumed } = whole;
  return { packet, share, steps, assumed, verdict: after.verdict, by: after.by };
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
  const found = walk.base.find(chain);
  if (found === undefined) return lost(`there is no chain ${chain}`);
  if (isSpent(walk.journey)) return { ended: [], left: [] };
  if (depth > MAX_DEPTH)
    return lost(`more than ${MAX_DEPTH} jumps, one inside the other, lead to chain ${chain}`);
  const key = `${chain} ${keysIn(walk.journey, packet).whole}`;
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
  readonly next: Pool<Flow>;
  readonly returned: Pool<Flow>;
  readonly ended: Pool<EndedFlow>;
}

function passRules(walk: Walk, { chain, packet, depth }: Entry, start: Flow): Passage {
  const { journey } = walk;
  const returned = emptyPool<Flow>();
  const ended = emptyPool<EndedFlow>();
  let waiting: readonly Flow[] = [start];
  const pay = (characters: number) => payForReading(journey, characters);
  for (const rule of walk.base.find(chain)?.rulesFor(packet, pay) ?? []) {
    journey.budget.rules -= waiting.length;
    if (isSpent(journey)) return { ended: [], left: [] };
    const applied = waiting.map((flow) => rule.apply(flow.packet));
    if (!applied.some((each) => each !== undefined)) continue;
    const to: Gathered = { next: emptyPool(), returned, ended };
    for (const [index, flow] of waiting.entries()) {
      const application = applied[index];
      if (application === undefined) gather(journey, to.next, flow);
      else applyRule(walk, { rule, flow, depth, to }, application);
    }
    waiting = to.next.flows;
    if (waiting.length > MAX_WAITING) journey.budget.flows = -1;
    if (waiting.length === 0) break;
  }
  if (isSpent(journey)) return { ended: [], left: [] };
  for (const flow of waiting) gather(journey, returned, flow);
  return { ended: ended.flows, left: returned.flows };
}

/** A rule, and what comes to it. */
interface Meeting {
  readonly rule: TracedRule;
  readonly flow: Flow;
  readonly depth: number;
  readonly to: Gathered;
}

function applyRule(walk: Walk, meeting: Meeting, { given, branches }: Application): void {
  const { rule, flow, to } = meeting;
  const { diagrams, budget } = walk.journey;
  budget.flows -= branches.length;
  let taken = flow.share;
  let assumed = flow.assumed;
  if (given.length > 0) {
    const when = given.reduce((all, each) => diagrams.times(all, diagrams.where(each, rule)), diagrams.all);
    taken = diagrams.times(flow.share, when);
    if (taken !== flow.share) {
      const share = diagrams.times(flow.share, diagrams.without(when));
      if (share !== diagrams.none) gather(walk.journey, to.next, { ...flow, share });
    }
    if (taken === diagrams.none) return;
    assumed += given.filter(({ holds }) => holds).length;
  }
  for (const branch of branches) {
    if (isNone(branch.share)) continue;
    const { packet } = branch;
    const share = diagrams.scaled(taken, branch.share);
    if (branch.effect === undefined) {
      goOn(walk, meeting, { branch, after: { packet, share, steps: flow.steps, assumed: flow.assumed } });
      continue;
    }
    const steps = withItem<Step>(flow.steps, { kind: 'rule', hook: walk.hook, rule, branch, given });
    goOn(walk, meeting, { branch, after: { packet, share, steps, assumed } });
  }
}

interface Onward {
  readonly branch: Branch;
  /** The flow behind the rule. */
  readonly after: Flow;
}

function goOn(walk: Walk, meeting: Meeting, { branch, after }: Onward): void {
  const { journey } = walk;
  const { next, returned, ended } = meeting.to;
  switch (branch.next.kind) {
    case 'on':
      gather(journey, next, after);
      break;
    case 'return':
      gather(journey, returned, after);
      break;
    case 'verdict': {
      const { verdict } = branch.next;
      const { packet, share, steps, assumed } = after;
      const by = verdict.kind === 'accept' ? [] : [meeting.rule];
      gatherEnded(journey, ended, { packet, share, steps, assumed, verdict, by });
      break;
    }
    default:
      enterChain(walk, meeting, { after, ...branch.next });
  }
}

interface Entering {
  readonly kind: 'jump' | 'goto';
  readonly chain: string;
  readonly after: Flow;
}

function enterChain(walk: Walk, { flow, depth, to }: Meeting, { kind, chain, after }: Entering): void {
  const { journey } = walk;
  const { next, returned, ended } = to;
  const isJump = kind === 'jump';
  const inner = walkChain(walk, { chain, packet: after.packet, depth: depth + 1 });
  journey.budget.flows -= inner.ended.length + inner.left.length;
  if (isSpent(journey)) return;
  // No two that come out of a chain are alike.
  const areAll = ended.flows.length === 0;
  for (const each of inner.ended) {
    const whole = endedAfter(walk, after, each);
    if (whole === undefined) continue;
    if (areAll) ended.flows.push(whole);
    else gatherEnded(journey, ended, whole);
  }
  for (const each of inner.left) {
    // A jump into a chain where nothing happened is not worth telling.
    const isVain = isJump && each.steps === undefined;
    const whole = continued(walk, isVain ? { ...flow, share: after.share } : after, each);
    if (whole !== undefined) gather(journey, isJump ? next : returned, whole);
  }
}

function withStep(flow: Flow, step: Step): Flow {
  return { ...flow, steps: withItem(flow.steps, step) };
}
