import { ALL } from '../lang/packet/fraction.ts';
import { type Host, isLocal } from '../lang/packet/host.ts';
import { LOOPBACK, NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../lang/packet/packet.ts';
import type { BaseChain, Firewall, Hook } from '../lang/packet/rules.ts';
import type { Verdict } from '../lang/packet/verdict.ts';
import { type EndedWay, itemsOf, type Way } from '../lang/packet/way.ts';
import { schedule, schedulingPriority } from './schedule.ts';
import { walkBaseChain, withStep } from './walk-chain.ts';

/** What becomes of a connection on one of its ways. */
export interface FollowedWay extends Way {
  readonly end:
    | Exclude<Verdict, { readonly kind: 'accept' }>
    | { readonly kind: 'delivered'; readonly to: 'node' | 'elsewhere' };
}

interface Node {
  readonly firewall: Firewall;
  readonly host: Host;
  readonly outcomes: FollowedWay[];
}

/**
 * Follows the first packet of a new connection through a node, as the kernel does: hooks, tables in the order of their
 * priorities, routing. A packet without incoming interface is one of the node's own processes.
 */
export function follow(firewall: Firewall, host: Host, packet: Packet): readonly FollowedWay[] {
  const node: Node = { firewall, host, outcomes: [] };
  const start: Way = { packet, share: ALL, steps: undefined, assumptions: undefined };
  if (packet.inInterface.kind === 'none') leave(node, passHook(node, 'OUTPUT', [start]));
  else enter(node, passHook(node, 'PREROUTING', [start]));
  return node.outcomes;
}

/** Routing of what came in. */
function enter(node: Node, ways: readonly Way[]): void {
  const [here, elsewhere] = routed(node, ways);
  const accepted = passHook(node, 'INPUT', here.map(withoutOutInterface));
  // What IPVS sends on goes out as if the node itself had sent it.
  const scheduled = accepted.filter(({ packet }) => packet.isScheduled === true);
  leave(node, passHook(node, 'OUTPUT', scheduled.map(fromHere)));
  finish(
    node,
    'node',
    accepted.filter(({ packet }) => packet.isScheduled !== true),
  );
  const forwarded = passHook(node, 'FORWARD', elsewhere);
  finish(node, 'elsewhere', passHook(node, 'POSTROUTING', forwarded));
}

/** Routing of what goes out; what is for the node itself comes back in over its loopback interface. */
function leave(node: Node, ways: readonly Way[]): void {
  const [here, elsewhere] = routed(node, ways);
  finish(node, 'elsewhere', passHook(node, 'POSTROUTING', elsewhere));
  const looped = passHook(node, 'POSTROUTING', here.map(overLoopback));
  const back = passHook(node, 'PREROUTING', looped.map(fromLoopback));
  finish(node, 'node', passHook(node, 'INPUT', back.map(withoutOutInterface)));
}

function routed(
  { host }: Node,
  ways: readonly Way[],
): readonly [here: readonly Way[], elsewhere: readonly Way[]] {
  const here: Way[] = [];
  const elsewhere: Way[] = [];
  for (const way of ways) {
    const isHere = isLocal(host, way.packet.destination);
    const to = isHere ? 'node' : 'elsewhere';
    (isHere ? here : elsewhere).push(withStep(way, { kind: 'route', to, ip: way.packet.destination }));
  }
  return [here, elsewhere];
}

/** @returns the ways that go on */
function passHook({ firewall, host, outcomes }: Node, hook: Hook, ways: readonly Way[]): readonly Way[] {
  let waiting = ways;
  for (const walk of walkersOf(firewall, host, hook)) {
    const accepted: Way[] = [];
    for (const way of waiting) {
      for (const ended of walk(way)) {
        const { verdict, ...rest } = ended;
        if (verdict.kind === 'accept') accepted.push(rest);
        else outcomes.push({ ...rest, end: verdict });
      }
    }
    waiting = accepted;
  }
  return waiting;
}

type Walker = (way: Way) => readonly EndedWay[];

/** What a hook runs, in its order. */
function walkersOf(firewall: Firewall, { virtualServers }: Host, hook: Hook): readonly Walker[] {
  const walkers = firewall
    .baseChains(hook)
    .map((base) => ({ priority: base.priority, walk: baseWalker(base, hook) }));
  const priority = schedulingPriority(hook);
  if (priority !== undefined && virtualServers.length > 0) {
    walkers.push({ priority, walk: (way) => schedule(virtualServers, hook, way) });
  }
  return walkers.sort((a, b) => a.priority - b.priority).map(({ walk }) => walk);
}

function baseWalker(base: BaseChain, hook: Hook): Walker {
  const translatesSource = hook === 'INPUT' || hook === 'POSTROUTING';
  return (way) => {
    const { original, rewrittenSource, isUntracked, isConfirmed, isScheduled } = way.packet;
    const isDone = translatesSource ? rewrittenSource !== undefined : original !== undefined;
    const isTooLate = isDone || isUntracked === true || isConfirmed === true;
    const isStolen = hook === 'INPUT' && isScheduled === true;
    if ((base.isNat && isTooLate) || isStolen) return [{ ...way, verdict: { kind: 'accept' } }];
    return walkBaseChain(base, hook, way);
  };
}

function finish({ outcomes }: Node, to: 'node' | 'elsewhere', ways: readonly Way[]): void {
  for (const way of ways) outcomes.push({ ...way, end: { kind: 'delivered', to } });
}

function withoutOutInterface(way: Way): Way {
  return { ...way, packet: { ...way.packet, outInterface: NO_INTERFACE } };
}

function overLoopback(way: Way): Way {
  return { ...way, packet: { ...way.packet, outInterface: LOOPBACK } };
}

function fromLoopback(way: Way): Way {
  const packet = { ...way.packet, inInterface: LOOPBACK, outInterface: NO_INTERFACE, isConfirmed: true };
  return { ...way, packet };
}

function fromHere(way: Way): Way {
  return { ...way, packet: { ...way.packet, inInterface: NO_INTERFACE, outInterface: UNKNOWN_INTERFACE } };
}

/** The hooks that a connection passes, on any of its ways. */
export function passedHooks({ inInterface }: Packet, outcomes: readonly FollowedWay[]): ReadonlySet<Hook> {
  const isOwn = inInterface.kind === 'none';
  const hooks = new Set<Hook>([isOwn ? 'OUTPUT' : 'PREROUTING']);
  for (const { steps } of outcomes) {
    for (const step of itemsOf(steps)) {
      if (step.kind === 'rule') hooks.add(step.hook);
      if (step.kind !== 'route') continue;
      for (const hook of AFTER_ROUTING[isOwn ? 'own' : 'others'][step.to]) hooks.add(hook);
    }
  }
  return hooks;
}

/** What the node itself sends to itself comes back in. */
const AFTER_ROUTING = {
  own: { node: ['POSTROUTING', 'PREROUTING', 'INPUT'], elsewhere: ['POSTROUTING'] },
  others: { node: ['INPUT'], elsewhere: ['FORWARD', 'POSTROUTING'] },
} as const satisfies Record<string, Record<'node' | 'elsewhere', readonly Hook[]>>;
