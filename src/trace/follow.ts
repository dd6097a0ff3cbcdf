import type { Fraction } from '../lang/packet/fraction.ts';
import { type Host, interfaceTo, isLocal } from '../lang/packet/host.ts';
import { LOOPBACK, NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../lang/packet/packet.ts';
import type { BaseChain, Firewall, Hook, TracedRule } from '../lang/packet/rules.ts';
import type { Verdict } from '../lang/packet/verdict.ts';
import { type Step, type Trail, withItem } from '../lang/packet/way.ts';
import type { Diagram, Question } from './diagram.ts';
import { makeDiagrams } from './diagrams.ts';
import {
  type EndedFlow,
  emptyPool,
  type Flow,
  gather,
  gatherEnded,
  isSpent,
  type Journey,
  type Pool,
} from './flows.ts';
import { schedule, schedulingPriority } from './schedule.ts';
import { baseChainWalker } from './walk-chain.ts';

/** What becomes of a connection: all ways with the same end, packet and share are one. */
export interface FollowedWay {
  readonly packet: Packet;
  /** Of all connections, where it is so at all. */
  readonly share: Fraction;
  /** All of them, where it is so; none, where not. */
  readonly when: Diagram;
  /** One of the ways that lead here. */
  readonly steps: Trail<Step> | undefined;
  readonly end: End;
  /** The rules that refused it, all of one chain; none: nothing or something else did. */
  readonly by: readonly TracedRule[];
}

type End =
  | Exclude<Verdict, { readonly kind: 'accept' }>
  | { readonly kind: 'delivered'; readonly to: 'node' | 'elsewhere' };

/** All that can become of a connection. */
export type Followed =
  | { readonly kind: 'ways'; readonly ways: readonly FollowedWay[] }
  /** Too much of it is open: these are the questions. */
  | { readonly kind: 'too-many'; readonly questions: readonly Question[] };

interface Node {
  readonly firewall: Firewall;
  readonly host: Host;
  readonly journey: Journey;
  readonly refused: Pool<EndedFlow>;
  readonly delivered: Readonly<Record<'node' | 'elsewhere', Pool<Flow>>>;
}

/** So many rules are applied for one connection: most of a second. */
const MAX_RULES = 4_000_000;

/** So many packets are made by rules for one connection: a second, and two hundred megabytes at most. */
const MAX_FLOWS = 200_000;

/** A path that nobody reads. */
const MAX_STEPS = 2000;

/**
 * Follows the first packet of a new connection through a node, as the kernel does: hooks, tables in the order of their
 * priorities, routing. A packet without incoming interface is one of the node's own processes.
 */
export function follow(firewall: Firewall, host: Host, packet: Packet): Followed {
  const journey = {
    diagrams: makeDiagrams(),
    budget: { rules: MAX_RULES, flows: MAX_FLOWS },
    keys: new Map(),
  };
  const delivered = { node: emptyPool<Flow>(), elsewhere: emptyPool<Flow>() };
  const node: Node = { firewall, host, journey, refused: emptyPool(), delivered };
  const start: Flow = { packet, share: journey.diagrams.all, steps: undefined, assumed: 0 };
  if (packet.inInterface.kind === 'none') send(node, [start]);
  else enter(node, passHook(node, 'PREROUTING', [start]));
  const ways = waysOf(node);
  const isTooMuch = isSpent(journey) || ways.some(({ steps }) => (steps?.length ?? 0) > MAX_STEPS);
  return isTooMuch ? { kind: 'too-many', questions: journey.diagrams.questions() } : { kind: 'ways', ways };
}

/** What is refused comes first. */
function waysOf({ journey: { diagrams }, refused, delivered }: Node): readonly FollowedWay[] {
  const split = (flow: Flow, end: End, by: readonly TracedRule[]): readonly FollowedWay[] =>
    diagrams
      .byShare(flow.share)
      .map(({ share, when }) => ({ packet: flow.packet, share, when, steps: flow.steps, end, by }));
  const isRefusal = (verdict: Verdict): verdict is Exclude<Verdict, { readonly kind: 'accept' }> =>
    verdict.kind !== 'accept';
  return [
    ...refused.flows.flatMap((flow) => (isRefusal(flow.verdict) ? split(flow, flow.verdict, flow.by) : [])),
    ...(['elsewhere', 'node'] as const).flatMap((to) =>
      delivered[to].flows.flatMap((flow) => split(flow, { kind: 'delivered', to }, [])),
    ),
  ];
}

/** Routing of what came in. */
function enter(node: Node, flows: readonly Flow[]): void {
  const [here, elsewhere] = routed(node, flows);
  const accepted = passHook(node, 'INPUT', here.map(withoutOutInterface));
  // What IPVS sends on goes out as if the node itself had sent it.
  const scheduled = accepted.filter(({ packet }) => packet.isScheduled === true);
  send(node, scheduled.map(fromHere));
  finish(
    node,
    'node',
    accepted.filter(({ packet }) => packet.isScheduled !== true),
  );
  const forwarded = passHook(node, 'FORWARD', elsewhere);
  finish(node, 'elsewhere', passHook(node, 'POSTROUTING', forwarded));
}

/**
 * What the node itself sends. All rules of OUTPUT see the interface of its first route, even when one of them has rewritten
 * the destination: it is routed anew behind them (nf_hook_state.out of __ip_local_out, net/ipv4/ip_output.c).
 */
function send(node: Node, flows: readonly Flow[]): void {
  for (const flow of flows) {
    const { outInterface } = flow.packet;
    const isHere = isLocal(node.host, flow.packet.destination);
    const packet = isHere ? { ...flow.packet, outInterface: LOOPBACK } : leaving(node.host, flow.packet);
    const passed = passHook(node, 'OUTPUT', [{ ...flow, packet }]);
    leave(
      node,
      passed.map((each) => ({ ...each, packet: { ...each.packet, outInterface } })),
    );
  }
}

/** Routing of what goes out; what is for the node itself comes back in over its loopback interface. */
function leave(node: Node, flows: readonly Flow[]): void {
  const [here, elsewhere] = routed(node, flows);
  finish(node, 'elsewhere', passHook(node, 'POSTROUTING', elsewhere));
  const looped = passHook(node, 'POSTROUTING', here.map(overLoopback));
  const back = passHook(node, 'PREROUTING', looped.map(fromLoopback));
  finish(node, 'node', passHook(node, 'INPUT', back.map(withoutOutInterface)));
}

function routed(
  { host }: Node,
  flows: readonly Flow[],
): readonly [here: readonly Flow[], elsewhere: readonly Flow[]] {
  const here: Flow[] = [];
  const elsewhere: Flow[] = [];
  for (const flow of flows) {
    const isHere = isLocal(host, flow.packet.destination);
    const step: Step = { kind: 'route', to: isHere ? 'node' : 'elsewhere', ip: flow.packet.destination };
    const packet = isHere ? flow.packet : leaving(host, flow.packet);
    (isHere ? here : elsewhere).push({ ...flow, packet, steps: withItem(flow.steps, step) });
  }
  return [here, elsewhere];
}

/** Routes tell where a packet leaves, or networks of bridges where it does not, unless that was said. */
function leaving(host: Host, packet: Packet): Packet {
  if (packet.outInterface.kind !== 'unknown') return packet;
  return { ...packet, outInterface: interfaceTo(host, packet.destination) };
}

/** @returns the flows that go on */
function passHook(
  { firewall, host, journey, refused }: Node,
  hook: Hook,
  flows: readonly Flow[],
): readonly Flow[] {
  if (flows.length === 0) return flows;
  let waiting = flows;
  for (const walk of walkersOf(firewall, host, { hook, journey })) {
    const accepted = emptyPool<Flow>();
    for (const flow of waiting) {
      for (const ended of walk(flow)) {
        if (ended.verdict.kind === 'accept') gather(journey, accepted, ended);
        else gatherEnded(journey, refused, withoutMark(ended));
      }
    }
    waiting = accepted.flows;
  }
  return waiting;
}

type Walker = (flow: Flow) => readonly EndedFlow[];

interface At {
  readonly hook: Hook;
  readonly journey: Journey;
}

/** What a hook runs, in its order. */
function walkersOf(firewall: Firewall, { virtualServers }: Host, at: At): readonly Walker[] {
  const walkers = firewall
    .baseChains(at.hook)
    .map((base) => ({ priority: base.priority, rank: base.rank, walk: baseWalker(base, at) }));
  const priority = schedulingPriority(at.hook);
  if (priority !== undefined && virtualServers.length > 0) {
    walkers.push({ priority, rank: 0, walk: (flow) => schedule(virtualServers, at, flow) });
  }
  return walkers.sort((a, b) => a.priority - b.priority || a.rank - b.rank).map(({ walk }) => walk);
}

function baseWalker(base: BaseChain, at: At): Walker {
  const { hook } = at;
  const walk = baseChainWalker(base, at);
  const translatesSource = hook === 'INPUT' || hook === 'POSTROUTING';
  return (flow) => {
    const { original, rewrittenSource, isUntracked, isConfirmed, isScheduled } = flow.packet;
    const isDone = translatesSource ? rewrittenSource !== undefined : original !== undefined;
    const isTooLate = isDone || isUntracked === true || isConfirmed === true;
    const isStolen = hook === 'INPUT' && isScheduled === true;
    if ((base.isNat && isTooLate) || isStolen) return [{ ...flow, verdict: { kind: 'accept' }, by: [] }];
    return walk(flow);
  };
}

function finish({ journey, delivered }: Node, to: 'node' | 'elsewhere', flows: readonly Flow[]): void {
  for (const flow of flows) gather(journey, delivered[to], withoutMark(flow));
}

/** In the end it makes no difference. */
function withoutMark<F extends Flow>(flow: F): F {
  const { mark, connectionMark = 0 } = flow.packet;
  if (mark === 0 && connectionMark === 0) return flow;
  return { ...flow, packet: { ...flow.packet, mark: 0, connectionMark: 0 } };
}

function withoutOutInterface(flow: Flow): Flow {
  return { ...flow, packet: { ...flow.packet, outInterface: NO_INTERFACE } };
}

function overLoopback(flow: Flow): Flow {
  return { ...flow, packet: { ...flow.packet, outInterface: LOOPBACK } };
}

function fromLoopback(flow: Flow): Flow {
  const packet = { ...flow.packet, inInterface: LOOPBACK, outInterface: NO_INTERFACE, isConfirmed: true };
  return { ...flow, packet };
}

function fromHere(flow: Flow): Flow {
  return { ...flow, packet: { ...flow.packet, inInterface: NO_INTERFACE, outInterface: UNKNOWN_INTERFACE } };
}
