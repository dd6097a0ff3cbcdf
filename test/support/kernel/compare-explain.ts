import fc from 'fast-check';
import { expect } from 'vitest';
import { type Explanation, explain } from '../../../src/index.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import { type Addresses, LOCAL_PODS, REMOTE_PODS } from './addresses.ts';
import type { ConnectOptions, Outcome } from './agent-protocol.ts';
import type { ServiceParts } from './arbitrary-services.ts';
import { probabilityOfUnevenness } from './chi-squared.ts';
import { HEALTH_CHECK_PORT, type Lab, NODE_PORT } from './lab.ts';
import type { Namespace } from './namespace.ts';

type Pod = (typeof LOCAL_PODS)[number] | (typeof REMOTE_PODS)[number];
type Client = 'client' | 'stranger' | 'node' | Pod;

/** A connection that somebody makes in the lab. */
export interface Attempt {
  readonly from: Client;
  readonly protocol: 'tcp' | 'udp';
  readonly to: string;
  readonly port: number;
}

const PODS = [...LOCAL_PODS, ...REMOTE_PODS];

/** Somebody connects to something: mostly to what a Service has, now and then to a port that nobody has, or past all Services. */
export function arbitraryAttempt(net: Addresses, services: readonly ServiceParts[]): fc.Arbitrary<Attempt> {
  const served = services.flatMap(({ type, hasExternalIP, protocol }, index) => {
    const number = index + 1;
    return [
      { to: net.clusterIP(number), port: 80, protocol },
      ...(hasExternalIP ? [{ to: net.externalIP(number), port: 80, protocol }] : []),
      ...(type === 'LoadBalancer' ? [{ to: net.loadBalancerIP(number), port: 80, protocol }] : []),
      ...(type === 'ClusterIP' ? [] : [{ to: net.node, port: 30_000 + number, protocol }]),
    ];
  });
  const others = ['TCP', 'UDP'].flatMap((protocol) => [
    ...[NODE_PORT, 31_998, 31_999].map((port) => ({ to: net.node, port, protocol })),
    { to: net.clusterIP(99), port: 80, protocol },
    ...PODS.flatMap((pod) => [8080, 9090].map((port) => ({ to: net.pods[pod], port, protocol }))),
  ]);
  const unserved = served.map((place) => ({ ...place, port: place.port + 1000 }));
  const place = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...served) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
    { weight: 1, arbitrary: fc.constantFrom(...unserved) },
  );
  const from = fc.constantFrom<Client>('client', 'stranger', 'node', ...PODS);
  return fc.tuple(from, place).map(([client, { protocol, ...rest }]) => ({
    from: client,
    protocol: protocol === 'TCP' ? 'tcp' : 'udp',
    ...rest,
  }));
}

/** How a connection may end, as somebody sees it who makes it, and of how many it is so. */
type Ends = ReadonlyMap<string, number>;

/**
 * Makes every connection many times, and expects that it ends where `svcgen explain` says, with the shares that it
 * says, for a node whose text `svcgen doctor` has gathered.
 */
export async function compareExplain(
  { lab, net, text }: { readonly lab: Lab; readonly net: Addresses; readonly text: string },
  attempts: readonly Attempt[],
): Promise<void> {
  const asked = attempts
    .map((attempt) => {
      const explanation = explained(attempt, { net, text });
      return { attempt, explanation, ends: endsOf(attempt, { net, explanation }) };
    })
    .filter((each) => isAnswerable(each, net));
  const tried = await inBatches(asked, async (each) => ({
    ...each,
    outcomes: await tryOut(each.attempt, { lab, net, ends: each.ends }),
  }));
  const results = tried.map(({ attempt, explanation, ends, outcomes }) => {
    const counts = countEnds(outcomes, ends);
    const isCounted = explanation.affinitySeconds === undefined && !mayMissRefusals(attempt, ends);
    const isWrong = isSurprising(counts, ends) || (isCounted && isMissing(counts, { ends, outcomes }));
    return { attempt, ends, counts, verdict: explanation.verdict.text, isCounted, isWrong };
  });
  expect(results.filter(({ isWrong }) => isWrong)).toEqual([]);
  expectShares(results.filter(({ isCounted }) => isCounted));
}

/** Without a wire in between, a refusal arrives before `connect` is done, and is overlooked: a later SYN has another endpoint. */
function mayMissRefusals({ protocol }: Attempt, ends: Ends): boolean {
  return protocol === 'tcp' && ends.size > 1 && ends.has(REFUSED);
}

/** What a pod of the peer answers to another of the peer passes the node by, and what one sends to itself never leaves it. */
function isAnswerable(
  { attempt: { from, to }, explanation }: { readonly attempt: Attempt; readonly explanation: Explanation },
  net: Addresses,
): boolean {
  const isRemote = (ip: string) => REMOTE_PODS.some((pod) => net.pods[pod] === ip);
  if (from !== 'node' && addressOf(net, from) === to) return false;
  if (from === 'node' || !isRemote(addressOf(net, from))) return true;
  return explanation.ways.every(
    ({ destination, source }) => !isRemote(destination) || source.kind !== 'kept',
  );
}

function explained(
  { from, to, port, protocol }: Attempt,
  { net, text }: { readonly net: Addresses; readonly text: string },
): Explanation {
  const { explanation, diagnostics } = explain(undefined, {
    rules: { path: 'node.txt', text },
    from: from === 'node' ? 'node' : addressOf(net, from),
    to: `${joinHostPort(to, port)}/${protocol}`,
  });
  if (explanation === undefined) throw new Error(JSON.stringify(diagnostics));
  return explanation;
}

function addressOf(net: Addresses, client: Exclude<Client, 'node'>): string {
  return client === 'client' || client === 'stranger' ? net[client] : net.pods[client];
}

function endsOf(
  attempt: Attempt,
  { net, explanation }: { readonly net: Addresses; readonly explanation: Explanation },
): Ends {
  const ends = new Map<string, number>();
  for (const way of explanation.ways) {
    if (way.alternatives.length + way.open.length > 0)
      throw new Error(`it depends: ${explanation.verdict.text}`);
    const end = endOf(attempt, { net, way });
    const share = Number(way.share.numerator) / Number(way.share.denominator);
    ends.set(end, (ends.get(end) ?? 0) + share);
  }
  return ends;
}

const REFUSED = 'refused';
const UNREACHABLE = 'unreachable';
const SILENT = 'silent';

function endOf(
  { from, to, protocol }: Attempt,
  { net, way }: { readonly net: Addresses; readonly way: Explanation['ways'][number] },
): string {
  const { result, destination, port, source } = way;
  if (result === 'dropped') return SILENT;
  if (result === 'rejected') return REFUSED;
  if (result === 'unknown') return 'unknown';
  const isPod = PODS.some((pod) => net.pods[pod] === destination);
  const isServed = isPod
    ? port === 8080 || port === 9090
    : destination === net.node && (port === NODE_PORT || (port === HEALTH_CHECK_PORT && protocol === 'tcp'));
  if (!isServed) return result === 'node' || isPod ? REFUSED : UNREACHABLE;
  const isKept = source.kind === 'kept';
  const client = from === 'node' ? ownAddress(net, to) : addressOf(net, from);
  return `${joinHostPort(destination, port)} sees ${isKept ? client : (source.to ?? ownAddress(net, destination))}`;
}

/** The address that the node takes for what it sends there. */
function ownAddress(net: Addresses, to: string): string {
  if (to === net.node) return to;
  return LOCAL_PODS.some((pod) => net.pods[pod] === to) ? net.nodeOnPodLinks : net.nodeOnPeerLink;
}

/** So many connections at a time. */
const AT_ONCE = 40;

async function inBatches<T, U>(items: readonly T[], each: (item: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (let first = 0; first < items.length; first += AT_ONCE)
    done.push(...(await Promise.all(items.slice(first, first + AT_ONCE).map(each))));
  return done;
}

/** Where it may end in several ways. */
const MANY = 60;
const FEW = 4;

/** Who is sure of an answer waits for it, however busy the machine is. A TCP connection gives up by itself (`TRIES`). */
const PATIENCE = { certain: 30_000, silence: 1500, mixed: 4000 };

/** A client sends its SYN again so many times, as `LIMITS` has it: an endpoint is chosen anew each time. */
const TRIES = 2;

/** Of the kernel that connects. */
export const LIMITS = [['net/ipv4/tcp_syn_retries', `${TRIES - 1}`]] as const;

function tryOut(
  { from, to, port, protocol }: Attempt,
  { lab, net, ends }: { readonly lab: Lab; readonly net: Addresses; readonly ends: Ends },
): Promise<readonly Outcome[]> {
  const isSilent = ends.has(SILENT) && ends.size === 1;
  // A router that knows no way says so a few times, and then now and then.
  const isLost = ends.has(UNREACHABLE) && protocol === 'udp';
  const isOpen = ends.has(SILENT) && protocol === 'udp';
  const patience = isSilent || isLost ? PATIENCE.silence : isOpen ? PATIENCE.mixed : PATIENCE.certain;
  const options: ConnectOptions = {
    to,
    port,
    protocol,
    from: from === 'node' ? [] : [addressOf(net, from)],
    count: ends.size > 1 ? MANY : isLost ? 1 : FEW,
    patience,
  };
  return namespaceOf(lab, from).connect(options);
}

function namespaceOf({ node, client, peer, pods }: Lab, from: Client): Namespace {
  if (from === 'node') return node;
  if (from === 'client' || from === 'stranger') return client;
  const local = LOCAL_PODS.find((pod) => pod === from);
  return local === undefined ? peer : pods[local];
}

/** A refusal says that something is prohibited, or that there is nobody. */
function countEnds(outcomes: readonly Outcome[], ends: Ends): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const isRefusal = outcome.kind === UNREACHABLE && ends.has(REFUSED) && !ends.has(UNREACHABLE);
    const isLost = outcome.kind === SILENT && ends.has(UNREACHABLE);
    const plain = isRefusal ? REFUSED : isLost ? UNREACHABLE : outcome.kind;
    const end = outcome.kind === 'answered' ? `${outcome.server} sees ${outcome.client}` : plain;
    counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  return counts;
}

function isSurprising(counts: ReadonlyMap<string, number>, ends: Ends): boolean {
  return [...counts.keys()].some((end) => !ends.has(end));
}

/** What should have been seen by now, but for one time in ten thousand million. */
function isMissing(
  counts: ReadonlyMap<string, number>,
  { ends, outcomes }: { readonly ends: Ends; readonly outcomes: readonly Outcome[] },
): boolean {
  return [...ends].some(
    ([end, share]) => end !== SILENT && !counts.has(end) && (1 - share) ** outcomes.length < 1e-10,
  );
}

/** Fewer of a kind say nothing about its share. */
const ENOUGH = 5;

/** Chance makes all shares together look wrong once in so many runs. */
const RUNS_TO_FALSE_ALARM = 1e8;

interface Counted {
  readonly attempt: Attempt;
  readonly ends: Ends;
  readonly counts: ReadonlyMap<string, number>;
}

/** Expects that all counts together are as their shares make them. */
function expectShares(all: readonly Counted[]): void {
  let [unevenness, freedom] = [0, 0];
  const evidence: unknown[] = [];
  for (const { attempt, ends, counts } of all) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const enough = [...ends]
      .map(([end, share]) => ({
        count: counts.get(end) ?? 0,
        wanted: total * seenShare(attempt, { ends, end, share }),
      }))
      .filter(({ wanted }) => wanted >= ENOUGH);
    if (enough.length < 2) continue;
    unevenness += enough.reduce((sum, { count, wanted }) => sum + (count - wanted) ** 2 / wanted, 0);
    freedom += enough.length - (enough.length === ends.size ? 1 : 0);
    evidence.push({ attempt, ends, counts });
  }
  expect(freedom).toBeGreaterThan(3);
  const chance = probabilityOfUnevenness(unevenness, freedom);
  expect(chance, JSON.stringify({ unevenness, freedom, evidence })).toBeGreaterThan(1 / RUNS_TO_FALSE_ALARM);
}

/** Of connections over TCP whose first packet is dropped, some get there with a later one. */
function seenShare(
  { protocol }: Attempt,
  { ends, end, share }: { readonly ends: Ends; readonly end: string; readonly share: number },
): number {
  const dropped = ends.get(SILENT) ?? 0;
  if (protocol === 'udp' || dropped === 0 || dropped === 1) return share;
  if (end === SILENT) return dropped ** TRIES;
  return (share * (1 - dropped ** TRIES)) / (1 - dropped);
}
