import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IPFamily } from '../../src/model/cluster.ts';
import { joinHostPort } from '../../src/model/ip.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { NodeState, ServicePort } from '../../src/model/node-state.ts';
import { defaultProxyConfig } from '../../src/model/proxy-config.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { nodeFirewall, nodeHost, printIptablesRule } from '../../src/node-firewall.ts';
import { lowerCaseProtocol } from '../../src/render/restore/matches.ts';
import type { RuleSetting } from '../../src/render/rule-tables.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { iptablesFirewall } from '../../src/trace/iptables/firewall.ts';
import { readSavedRules } from '../../src/trace/saved-rules/read-saved-rules.ts';
import { follow, type Outcome as Way } from '../../src/trace/walk/follow.ts';
import type { Host } from '../../src/trace/walk/host.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../src/trace/walk/packet.ts';
import type { Firewall } from '../../src/trace/walk/rules.ts';
import { type Addresses, addressesOf, LOCAL_PODS } from '../support/kernel/addresses.ts';
import type { ConnectOptions, Outcome } from '../support/kernel/agent-protocol.ts';
import { arbitraryServices, servicesOf } from '../support/kernel/arbitrary-services.ts';
import { type Backend, iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Lab, startLab } from '../support/kernel/lab.ts';
import { NODE_NAME } from '../support/kernel/manifests.ts';
import type { Namespace } from '../support/kernel/namespace.ts';
import { NO_ANSWER, REFUSAL, usualFlags } from '../support/kernel/scenario.ts';
import { clusterOf } from '../support/read-cluster.ts';

interface Setup {
  readonly name: string;
  readonly family: IPFamily;
  readonly setting: RuleSetting;
  readonly backend: Backend;
  /** Prints the rules that the kernel has; undefined: the walker gets those that were built. */
  readonly save: string | undefined;
}

const SETUPS: readonly Setup[] = [
  {
    name: 'iptables-legacy, IPv4',
    family: 'IPv4',
    setting: { mode: 'iptables', layout: 'kube-proxy' },
    backend: iptablesBackend('legacy'),
    save: 'iptables-legacy-save',
  },
  {
    name: 'iptables-nft, layout compact, IPv6',
    family: 'IPv6',
    setting: { mode: 'iptables', layout: 'compact' },
    backend: iptablesBackend('nft', 'compact'),
    save: 'ip6tables-nft-save',
  },
  {
    name: 'nftables, layout compact, IPv4',
    family: 'IPv4',
    setting: { mode: 'nftables', layout: 'compact' },
    backend: nftablesBackend('compact'),
    save: undefined,
  },
  {
    name: 'nftables, layout kube-proxy, IPv6',
    family: 'IPv6',
    setting: { mode: 'nftables', layout: 'kube-proxy' },
    backend: nftablesBackend('kube-proxy'),
    save: undefined,
  },
];

/** Enough to see each of four endpoints, but for one time in ten million. */
const MANY = 56;
const FEW = 6;
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

describeKernel('the walker goes where packets go', () => {
  test.for(SETUPS.map((setup) => [setup.name, setup] as const))(
    '%s',
    { timeout: 120_000 },
    async ([, setup]) => {
      const net = addressesOf(setup.family);
      const lab = await startLab();
      try {
        await setup.backend.prepare(lab);
        await fc.assert(
          fc.asyncProperty(arbitraryServices, async (services) => {
            await compare(setup, lab, servicesOf(net, services));
          }),
          // One batch makes hundreds of connections; a smaller one would say no more of what is wrong.
          { numRuns: 1, endOnFailure: true },
        );
      } finally {
        await lab.stop();
      }
    },
  );
});

async function compare(setup: Setup, lab: Lab, manifests: readonly JsonObject[]): Promise<void> {
  const net = addressesOf(setup.family);
  await setup.backend.apply(lab, { manifests, family: setup.family, flags: usualFlags(net) });
  await lab.node.must(['conntrack', '--flush']);
  const { state, host, firewall } = await walkedNode(setup, lab, manifests);
  const attempts = [...packets(lab, net, state)].map(
    ({ client, packet }): Attempt => ({ client, packet, ways: follow(firewall, host, packet) }),
  );
  expect(attempts.length).toBeGreaterThan(200);
  const ends = new Set(attempts.flatMap(({ ways }) => ways.map(endOf)));
  for (const end of ['endpoint', 'reject', 'drop']) expect(ends).toContain(end);
  for (let first = 0; first < attempts.length; first += AT_ONCE) {
    const some = attempts.slice(first, first + AT_ONCE);
    const problems = await Promise.all(
      some.map(async (attempt, index) =>
        problemOf(attempt, net, await tryOut(attempt, index % 3 === 0 ? MANY : FEW)),
      ),
    );
    expect(problems.filter((problem) => problem !== undefined)).toEqual([]);
  }
}

interface WalkedNode {
  readonly state: NodeState;
  readonly host: Host;
  readonly firewall: Firewall;
}

/** The rules as the walker has them: those that the kernel gives back, where there is a reader. */
async function walkedNode(
  { family, setting, save }: Setup,
  { node }: Lab,
  manifests: readonly JsonObject[],
): Promise<WalkedNode> {
  const net = addressesOf(family);
  const config = {
    ...defaultProxyConfig,
    mode: setting.mode,
    nodeName: NODE_NAME,
    nodeIPs: [net.node],
    detectLocal: { kind: 'cluster-cidr', cidrs: [net.clusterCIDR] },
  } as const;
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const { state } = resolve(clusterOf(text), { config, family });
  const host = nodeHost(state, setting, [net.node, net.nodeOnPeerLink, net.nodeOnPodLinks, net.loopback]);
  if (save === undefined) return { state, host, firewall: nodeFirewall(state, setting, host) };
  const { tables, diagnostics } = readSavedRules(sourceText('saved', await node.must([save])));
  expect(diagnostics).toEqual([]);
  return { state, host, firewall: iptablesFirewall(tables, host, printIptablesRule) };
}

/** Everybody tries every address of every Service. */
function* packets(
  lab: Lab,
  net: Addresses,
  { family, servicePorts }: NodeState,
): Generator<Omit<Attempt, 'ways'>> {
  for (const servicePort of servicePorts) {
    for (const [destination, port] of placesOf(servicePort, net)) {
      for (const client of clientsOf(lab, net, destination)) {
        const { source, isNode } = client;
        const inInterface = isNode ? NO_INTERFACE : UNKNOWN_INTERFACE;
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
function clientsOf({ client, node, pods }: Lab, net: Addresses, destination: string): readonly Client[] {
  return [
    { from: client, source: net.client, isNode: false },
    { from: client, source: net.stranger, isNode: false },
    { from: pods.a, source: net.pods.a, isNode: false },
    { from: pods.c, source: net.pods.c, isNode: false },
    { from: node, source: destination === net.node ? net.node : net.nodeOnPeerLink, isNode: true },
  ];
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
  const [end] = ways.map(endOf);
  const options = end === 'endpoint' ? patience : { ...patience, ...(end === 'drop' ? NO_ANSWER : REFUSAL) };
  return client.from.connect({ to, port, protocol, from: client.isNode ? [] : [source], ...options });
}

const ENDS: Readonly<Record<string, Outcome['kind']>> = {
  reject: 'refused',
  drop: 'silent',
  elsewhere: 'unreachable',
  node: 'refused',
};

/** What the kernel did that the walker did not say; undefined: nothing. */
function problemOf({ packet, ways }: Attempt, net: Addresses, outcomes: readonly Outcome[]): unknown {
  const expected = new Set(ways.map((way) => expectedOutcome(way, net)));
  const seen = new Set(
    outcomes.map((outcome) =>
      outcome.kind === 'answered' ? `${outcome.server} sees ${outcome.client}` : outcome.kind,
    ),
  );
  const isSticky =
    packet.affinitySeconds !== undefined || ways.some((way) => way.packet.affinitySeconds !== undefined);
  const surprises = [...seen].filter((each) => !expected.has(each));
  const missing =
    outcomes.length === MANY && !isSticky ? [...expected].filter((each) => !seen.has(each)) : [];
  if (surprises.length + missing.length === 0) return undefined;
  const { source, destination, port, protocol } = packet;
  return { source, destination, port, protocol, surprises, missing, expected: [...expected] };
}

function expectedOutcome(way: Way, net: Addresses): string {
  const { destination, port, source, rewrittenSource } = way.packet;
  const end = endOf(way);
  if (end !== 'endpoint') return ENDS[end] ?? end;
  const isLocal = LOCAL_PODS.some((name) => net.pods[name] === destination);
  const onTheWay = isLocal ? net.nodeOnPodLinks : net.nodeOnPeerLink;
  return `${joinHostPort(destination, port)} sees ${rewrittenSource === undefined ? source : onTheWay}`;
}
