import { expect } from 'vitest';
import { defaultProxyConfig } from '../../../src/kubernetes/proxy-defaults.ts';
import { readSavedNode } from '../../../src/lang/ipvs/read/read-saved-ipvs.ts';
import { deviceTo, type Host, isLocal, type Route } from '../../../src/lang/packet/host.ts';
import { lowerCaseProtocol } from '../../../src/lang/packet/l4-protocol.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../../src/lang/packet/packet.ts';
import { readHost } from '../../../src/lang/packet/read-host.ts';
import type { Firewall } from '../../../src/lang/packet/rules.ts';
import type { IPFamily } from '../../../src/model/cluster.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import type { JsonObject } from '../../../src/model/json.ts';
import type { NodeState, ServicePort } from '../../../src/model/node-state.ts';
import { sourceText } from '../../../src/model/source-text.ts';
import { dumpFirewall, dumpHost } from '../../../src/modes/dump/node-dump.ts';
import { readNodeDump } from '../../../src/modes/dump/read/read-node-dump.ts';
import { MODES } from '../../../src/modes/index.ts';
import type { RuleSetting } from '../../../src/modes/mode.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import type { FollowedWay as Way } from '../../../src/trace/follow.ts';
import { inMode } from '../cluster.ts';
import { clusterOf } from '../read-cluster.ts';
import { waysOf } from '../walk/ways-of.ts';
import { type Addresses, addressesOf, LOCAL_PODS } from './addresses.ts';
import type { ConnectOptions, Outcome } from './agent-protocol.ts';
import type { Backend } from './backend.ts';
import type { Lab } from './lab.ts';
import { NODE_NAME } from './manifests.ts';
import type { Namespace } from './namespace.ts';
import { NO_ANSWER, REFUSAL, usualFlags } from './scenario.ts';

/** A node that is programmed, and whose rules the walker has. */
export interface WalkerSetup {
  readonly name: string;
  readonly family: IPFamily;
  readonly setting: RuleSetting;
  readonly backend: Backend;
  /** The command that prints the rules that the kernel has; undefined: the walker gets those that were built. */
  readonly save: readonly string[] | undefined;
  /** Connections to each target, and to every third one, from which all of its endpoints must be seen. */
  readonly counts: { readonly few: number; readonly many: number };
  /** Rules of others on the node, and what loads them: then its routes tell interfaces. */
  readonly neighbours?: { readonly command: readonly string[]; readonly rules: string };
}

const AT_ONCE = 40;

/** Somebody who connects. */
interface Client {
  readonly from: Namespace;
  readonly source: string;
  readonly isNode: boolean;
}

/** A connection that somebody makes, and what the walker says of it. */
interface Attempt {
  readonly client: Client;
  readonly packet: Packet;
  readonly ways: readonly Way[];
}

/**
 * Programs the lab's node for the manifests, connects from everywhere to every address of every Service, and expects
 * that packets go where the walker says: to one of its endpoints, over many tries to all of them, seen from the address
 * that it says, or refused as it says.
 */
export async function compareWalker(
  setup: WalkerSetup,
  lab: Lab,
  manifests: readonly JsonObject[],
): Promise<void> {
  const net = addressesOf(setup.family);
  await setup.backend.apply(lab, { manifests, family: setup.family, flags: usualFlags(net) });
  if (setup.neighbours !== undefined) await lab.node.must(setup.neighbours.command, setup.neighbours.rules);
  await lab.node.must(['conntrack', '--flush']);
  const walked = await walkedNode(setup, lab, manifests);
  const routes = setup.neighbours === undefined ? undefined : await routesOf(lab.node);
  const { state, firewall } = walked;
  const host = { ...walked.host, ...(routes === undefined ? {} : { routes }) };
  const attempts = [...packets(lab, { net, state, host })]
    .map(({ client, packet }): Attempt => ({ client, packet, ways: waysOf(firewall, host, packet) }))
    .filter((attempt) => isAnswerable(attempt, net));
  expect(attempts.length).toBeGreaterThan(100);
  const ends = new Set(attempts.flatMap(({ ways }) => ways.map(endOf)));
  for (const end of ['endpoint', 'reject', 'drop']) expect(ends).toContain(end);
  const trial = async (attempt: Attempt, isMany: boolean) => {
    const { few, many } = setup.counts;
    const outcomes = [...(await tryOut(attempt, few))];
    // Most have seen all of their endpoints long before the last try.
    const problemNow = () => problemOf(attempt, outcomes, { net, isMany });
    while (outcomes.length < many && problemNow()?.surprises.length === 0)
      outcomes.push(...(await tryOut(attempt, 2 * few)));
    const problem = problemNow();
    const isLoss = problem !== undefined && attempt.packet.protocol === 'udp';
    return { problem, isLoss: isLoss && outcomes.some(({ kind }) => kind === 'silent') };
  };
  for (let first = 0; first < attempts.length; first += AT_ONCE) {
    const some = attempts.slice(first, first + AT_ONCE);
    const problems: unknown[] = [];
    const trials = some.map(async (attempt, index) => ({
      attempt,
      ...(await trial(attempt, index % 3 === 0)),
    }));
    for (const { attempt, problem, isLoss } of await Promise.all(trials)) {
      // Datagrams that a busy machine has lost are no finding: this time there are no others.
      problems.push(isLoss ? (await trial(attempt, true)).problem : problem);
    }
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  }
}

async function routesOf(node: Namespace): Promise<readonly Route[]> {
  return readHost(await node.must(['ip', '-j', 'route']))?.routes ?? [];
}

interface WalkedNode {
  readonly state: NodeState;
  readonly host: Host;
  readonly firewall: Firewall;
}

/** The rules as the walker has them: those that the kernel gives back, where that is all. */
async function walkedNode(
  { family, setting, save }: WalkerSetup,
  { node }: Lab,
  manifests: readonly JsonObject[],
): Promise<WalkedNode> {
  const net = addressesOf(family);
  const own = [net.node, net.nodeOnPeerLink, net.nodeOnPodLinks];
  const mode = MODES[setting.mode];
  const config = {
    ...inMode(defaultProxyConfig, setting.mode),
    nodeName: NODE_NAME,
    nodeIPs: setting.mode === 'ipvs' ? own : [net.node],
    detectLocal: { kind: 'cluster-cidr', cidrs: [net.clusterCIDR] },
  } as const;
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const { state } = resolve(clusterOf(input), { config, family });
  const host = mode.host(state, [...own, net.loopback]);
  if (save === undefined) return { state, host, firewall: mode.firewall(state, setting, host) };
  const text = sourceText('saved', await node.must(save));
  if (setting.mode !== 'ipvs') {
    const { dump, diagnostics } = readNodeDump(text, family);
    expect(diagnostics).toEqual([]);
    return { state, host, firewall: dumpFirewall(dump, family, host) };
  }
  const { tables, ipvs, diagnostics } = readSavedNode(text);
  expect(diagnostics).toEqual([]);
  const dump = { kind: 'saved', tables, ipvs } as const;
  const saved = dumpHost(dump, [...own, net.loopback]);
  return { state, host: saved, firewall: dumpFirewall(dump, family, saved) };
}

/** Everybody tries every address of every Service. */
function* packets(
  lab: Lab,
  { net, state, host }: Pick<WalkedNode, 'state' | 'host'> & { readonly net: Addresses },
): Generator<Omit<Attempt, 'ways'>> {
  const { family, servicePorts } = state;
  for (const servicePort of servicePorts) {
    for (const [destination, port] of placesOf(servicePort, net)) {
      for (const client of clientsOf(
        lab,
        net,
        isLocal(host, destination) ? destination : net.nodeOnPeerLink,
      )) {
        const { source, isNode } = client;
        const name = deviceTo(host, source);
        const outside = name === undefined ? UNKNOWN_INTERFACE : ({ kind: 'named', name } as const);
        const inInterface = isNode ? NO_INTERFACE : outside;
        const protocol = lowerCaseProtocol(servicePort.protocol);
        const packet = {
          family,
          protocol,
          source,
          destination,
          port,
          inInterface,
          outInterface: UNKNOWN_INTERFACE,
          mark: 0,
        };
        yield { client, packet };
      }
    }
  }
}

function placesOf(
  servicePort: ServicePort,
  net: Addresses,
): readonly (readonly [ip: string, port: number])[] {
  const { clusterIP, externalIPs, loadBalancerIPs, port, nodePort } = servicePort;
  const ips = [clusterIP, ...externalIPs, ...loadBalancerIPs];
  return [
    ...ips.map((ip) => [ip, port] as const),
    ...(nodePort === 0 ? [] : [[net.node, nodePort] as const]),
  ];
}

/** What the node sends to itself comes from the address that it goes to; all else leaves by its default route. */
function clientsOf({ client, node, pods }: Lab, net: Addresses, ownSource: string): readonly Client[] {
  return [
    { from: client, source: net.client, isNode: false },
    { from: client, source: net.stranger, isNode: false },
    { from: pods.a, source: net.pods.a, isNode: false },
    { from: pods.c, source: net.pods.c, isNode: false },
    { from: node, source: ownSource, isNode: true },
  ];
}

/**
 * The peer has a way back to the node's own addresses, and none to those of Services: in ipvs mode, where the node holds
 * these too, its own processes come from them, and a remote pod cannot answer.
 */
function isAnswerable({ client, ways }: Attempt, net: Addresses): boolean {
  const routed = [net.node, net.nodeOnPeerLink, net.nodeOnPodLinks];
  if (!client.isNode || routed.includes(client.source)) return true;
  return ways.every(
    ({ packet }) =>
      packet.original === undefined ||
      packet.rewrittenSource !== undefined ||
      isLocalPod(packet.destination, net),
  );
}

function isLocalPod(address: string, net: Addresses): boolean {
  return LOCAL_PODS.some((name) => net.pods[name] === address);
}

/** `endpoint`: what a Service sends it to; else where it goes as it is, or who refuses it. */
function endOf({ end, packet }: Way): string {
  if (end.kind !== 'delivered') return end.kind;
  return packet.original === undefined ? end.to : 'endpoint';
}

function tryOut({ client, packet, ways }: Attempt, count: number): Promise<readonly Outcome[]> {
  const { protocol, destination: to, port, source } = packet;
  if (protocol === 'sctp') throw new Error('the lab does not speak SCTP');
  const patience: Pick<ConnectOptions, 'count' | 'patience'> = { count, patience: 10_000 };
  const ends = ways.map(endOf);
  const [end] = ends;
  const options = ends.includes('endpoint')
    ? patience
    : { ...patience, ...(end === 'drop' ? NO_ANSWER : REFUSAL) };
  return client.from.connect({ to, port, protocol, from: client.isNode ? [] : [source], ...options });
}

const ENDS: Readonly<Record<string, Outcome['kind']>> = {
  reject: 'refused',
  drop: 'silent',
  elsewhere: 'unreachable',
  node: 'refused',
};

interface Problem {
  readonly surprises: readonly string[];
  readonly missing: readonly string[];
  readonly attempt: Packet;
  readonly expected: readonly string[];
}

/** What the kernel did that the walker did not say; undefined: nothing. */
function problemOf(
  { packet, ways }: Attempt,
  outcomes: readonly Outcome[],
  { net, isMany }: { readonly net: Addresses; readonly isMany: boolean },
): Problem | undefined {
  const expected = new Set(ways.map((way) => expectedOutcome(way, net)));
  const seen = new Set(
    outcomes.map((outcome) =>
      outcome.kind === 'answered' ? `${outcome.server} sees ${outcome.client}` : outcome.kind,
    ),
  );
  const isSticky =
    packet.affinitySeconds !== undefined || ways.some((way) => way.packet.affinitySeconds !== undefined);
  const surprises = [...seen].filter((each) => !expected.has(each));
  // Who is refused is asked once or twice, so that not every way to be refused is seen. A packet that was dropped is sent again,
  // and chooses anew.
  const isServed = ways.some((way) => endOf(way) === 'endpoint');
  const missing =
    isMany && !isSticky && isServed
      ? [...expected].filter((each) => !seen.has(each) && each !== 'silent')
      : [];
  if (surprises.length + missing.length === 0) return undefined;
  return { surprises, missing, attempt: packet, expected: [...expected] };
}

function expectedOutcome(way: Way, net: Addresses): string {
  const { destination, port, source, rewrittenSource } = way.packet;
  const end = endOf(way);
  if (end !== 'endpoint') return ENDS[end] ?? end;
  const onTheWay = isLocalPod(destination, net) ? net.nodeOnPodLinks : net.nodeOnPeerLink;
  return `${joinHostPort(destination, port)} sees ${rewrittenSource === undefined ? source : onTheWay}`;
}
