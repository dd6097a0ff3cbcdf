import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KUBERNETES_RELEASES } from '../../src/kubernetes/releases.ts';
import { lowerCaseProtocol } from '../../src/lang/packet/l4-protocol.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../src/lang/packet/packet.ts';
import type { SliceEndpoint } from '../../src/model/cluster.ts';
import { cidrContains } from '../../src/model/ip.ts';
import type { KubernetesVersion } from '../../src/model/kubernetes-version.ts';
import type { Delivery, NodeState, ServicePort } from '../../src/model/node-state.ts';
import type { RuleSetting } from '../../src/modes/mode.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { arbitraryVersion } from '../support/arbitrary-version.ts';
import { inMode } from '../support/cluster.ts';
import { checkFixedThenRandom } from '../support/fixed-cases.ts';
import { shareOf } from '../support/share.ts';
import { arbitraryNode, type Network, type NodeCase } from '../support/walk/arbitrary-node.ts';
import type { Outcome } from '../support/walk/outcome.ts';
import { type Node, walkedNode } from '../support/walk/walk-node.ts';

type Client = 'friend' | 'stranger' | 'pod' | 'process';
type Target = 'clusterIP' | 'externalIP' | 'loadBalancerIP' | 'nodePort';

/** One client that tries one address of one service port. */
interface Attempt {
  readonly servicePort: ServicePort;
  readonly target: Target;
  readonly ip: string;
  readonly port: number;
  readonly client: Client;
  readonly source: string;
}

interface Difference {
  readonly name: string;
  readonly reason: string;
  readonly applies: (attempt: Attempt) => boolean;
  /** What the other mode does instead. */
  readonly instead: (attempt: Attempt) => Pick<Outcome, 'kind' | 'endpoints'>;
}

const REJECTED = { kind: 'rejected', endpoints: [] } as const;
const DROPPED = { kind: 'dropped', endpoints: [] } as const;

/** What kube-proxy's own ipvs mode does otherwise than its iptables mode. The first that applies counts. */
const DIFFERENCES_OF_IPVS: readonly Difference[] = [
  {
    name: 'the firewall comes first',
    reason: 'source ranges are looked at before it is known whether there is an endpoint',
    applies: (attempt) => !isAdmitted(attempt),
    // What a process sends, IPVS takes before any rule filters: without real servers, nothing is left to drop.
    instead: ({ client, servicePort }) =>
      client === 'process' && servicePort.ipvs?.external.length === 0 ? REJECTED : DROPPED,
  },
  {
    name: 'no internal drop',
    reason:
      'a virtual server cannot drop: without local endpoints it has those that external traffic may use, or none',
    applies: ({ target, servicePort }) => target === 'clusterIP' && servicePort.internal.kind === 'drop',
    instead: ({ servicePort }) => served(servicePort.external?.fromInside),
  },
  {
    name: 'no external drop',
    reason:
      'a virtual server cannot drop: without local endpoints it has those of the cluster (kubernetes/kubernetes#97081)',
    applies: ({ target, servicePort }) =>
      target !== 'clusterIP' && servicePort.external?.fromOutside.kind === 'drop',
    instead: ({ servicePort }) => served(servicePort.external?.fromInside),
  },
  {
    name: 'processes of the node are refused too',
    reason:
      'in iptables mode nothing refuses what they send to external addresses without endpoints: it leaves the node',
    applies: ({ target, client, servicePort }) =>
      target !== 'clusterIP' && client === 'process' && servicePort.external?.fromOutside.kind === 'reject',
    instead: () => REJECTED,
  },
  {
    name: 'a Local policy for all clients',
    reason: 'a virtual server cannot tell pods and processes of the node from clients outside',
    applies: ({ target, client, servicePort }) =>
      target !== 'clusterIP' &&
      (client === 'pod' || client === 'process') &&
      servicePort.external?.keepsClientIP === true,
    instead: ({ servicePort }) => served(servicePort.external?.fromOutside),
  },
];

const PROCESSES_ARE_REFUSED: Difference = {
  name: 'processes of the node are refused too',
  reason:
    'what they send is looked at before its destination is rewritten, and in iptables mode nothing refuses it',
  applies: ({ target, client, servicePort }) =>
    target !== 'clusterIP' && client === 'process' && servicePort.external?.fromOutside.kind === 'reject',
  instead: () => REJECTED,
};

const FIREWALL_COMES_FIRST: Difference = {
  name: 'the firewall comes first',
  reason: 'source ranges are looked at before it is known whether there is an endpoint',
  applies: (attempt) => !isAdmitted(attempt),
  instead: () => DROPPED,
};

/** What kube-proxy's nftables mode does otherwise up to 1.33.5, where its checks see destinations as they came. */
const DIFFERENCES_OF_EARLY_NFTABLES: readonly Difference[] = [
  PROCESSES_ARE_REFUSED,
  FIREWALL_COMES_FIRST,
  {
    name: 'processes of the node are dropped too',
    reason:
      'what has no local endpoint is dropped before it is known that a process may use those of the cluster',
    applies: ({ target, client, servicePort }) =>
      target !== 'clusterIP' &&
      target !== 'nodePort' &&
      client === 'process' &&
      servicePort.external?.fromOutside.kind === 'drop',
    instead: () => DROPPED,
  },
];

/** And since then: processes of the node are also subject to the firewall before they are refused. */
const DIFFERENCES_OF_NFTABLES: readonly Difference[] = [FIREWALL_COMES_FIRST, PROCESSES_ARE_REFUSED];

const ALL = KUBERNETES_RELEASES;
const EARLY = ALL.filter(({ proxy }) => proxy.nftables.baseChains === 'early');
const LATE = ALL.filter(({ proxy }) => proxy.nftables.baseChains === 'late');

const SETTINGS = [
  { mode: 'ipvs', layout: 'kube-proxy', versions: ALL, differences: DIFFERENCES_OF_IPVS },
  { mode: 'nftables', layout: 'kube-proxy', versions: EARLY, differences: DIFFERENCES_OF_EARLY_NFTABLES },
  { mode: 'nftables', layout: 'kube-proxy', versions: LATE, differences: DIFFERENCES_OF_NFTABLES },
  { mode: 'nftables', layout: 'compact', versions: ALL, differences: [PROCESSES_ARE_REFUSED] },
  { mode: 'iptables', layout: 'compact', versions: ALL, differences: [] },
  { mode: 'userspace', layout: 'kube-proxy', versions: ALL, differences: [] },
] as const satisfies readonly Setting[];

interface Setting extends RuleSetting {
  readonly versions: readonly KubernetesVersion[];
  readonly differences: readonly Difference[];
}

test.for(SETTINGS.map((each) => ({ ...each, from: each.versions[0]?.name })))(
  '$mode mode ($layout, from $from on) sends every connection where iptables mode sends it, but for known differences',
  async ({ differences, versions, ...setting }) => {
    const seen = new Set<string>();
    const property = fc.property(arbitraryNode, fc.constantFrom(...versions), (any, kubernetes) => {
      const wanted = { ...any, config: { ...any.config, kubernetes } };
      const node = setting.mode === 'userspace' ? withoutSCTP(wanted) : wanted;
      const iptables = nodeIn({ mode: 'iptables', layout: 'kube-proxy' }, node);
      const other = nodeIn(setting, node);
      for (const attempt of attempts(node)) {
        const difference = differences.find(({ applies }) => applies(attempt));
        const usual = iptables.run(packetOf(attempt, iptables.isLocal, node.network));
        const actual = other.run(packetOf(attempt, other.isLocal, node.network));
        const { isMasqueraded, ...expected } = usual;
        expect({ attempt, ...withoutMasquerade(actual) }).toEqual({
          attempt,
          ...(difference === undefined ? expected : difference.instead(attempt)),
        });
        if (difference !== undefined) seen.add(difference.name);
        // A proxy masquerades everybody.
        else if (attempt.client !== 'process' && setting.mode !== 'userspace')
          expect({ attempt, isMasqueraded: actual.isMasqueraded }).toEqual({ attempt, isMasqueraded });
      }
    });
    // A difference that never shows is none.
    const reached = () => expect([...seen].sort()).toEqual(differences.map(({ name }) => name).sort());
    await checkFixedThenRandom(property, { fixed: 25, numRuns: shareOf(200), reached });
  },
);

/** nginx knows no SCTP, so that such a port is an error. */
function withoutSCTP(node: NodeCase): NodeCase {
  const services = node.cluster.services.map((service) => ({
    ...service,
    ports: service.ports.filter(({ protocol }) => protocol !== 'SCTP'),
  }));
  return { ...node, cluster: { ...node.cluster, services } };
}

/** Facts that decide where connections go; all others are about how rules are written. */
function routingFacts({ proxy }: KubernetesVersion): string {
  const { duplicateEndpoints, hintsNeedAnnotation, heedsNodeHints } = proxy;
  return JSON.stringify({ duplicateEndpoints, hintsNeedAnnotation, heedsNodeHints });
}

/** Every endpoint has a hint: for this node, or for another one. */
function withHints(node: NodeCase, isHere: readonly boolean[]): NodeCase {
  const here = node.config.nodeName ?? '';
  return withEndpoints(node, (endpoint, index) => ({
    ...endpoint,
    nodeHints: [isHere[index % isHere.length] === true ? here : `not-${here}`],
  }));
}

function withEndpoints(
  node: NodeCase,
  change: (endpoint: SliceEndpoint, index: number) => SliceEndpoint,
): NodeCase {
  const endpointSlices = node.cluster.endpointSlices.map((slice) => ({
    ...slice,
    endpoints: slice.endpoints.map(change),
  }));
  return { ...node, cluster: { ...node.cluster, endpointSlices } };
}

/** Where every attempt ends in iptables mode, by the kube-proxy of a version. */
function outcomesIn(node: NodeCase, kubernetes: KubernetesVersion): readonly Outcome[] {
  const versioned = { ...node, config: { ...node.config, kubernetes } };
  const { run, isLocal } = nodeIn({ mode: 'iptables', layout: 'kube-proxy' }, versioned);
  return [...attempts(node)].map((attempt) => run(packetOf(attempt, isLocal, node.network)));
}

test('two versions of kube-proxy send every connection to the same endpoints, unless the table says otherwise', async () => {
  let differing = 0;
  const booleans = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
  const property = fc.property(
    arbitraryNode,
    booleans,
    arbitraryVersion,
    arbitraryVersion,
    (plain, isHere, one, other) => {
      expect(outcomesIn(plain, other)).toEqual(outcomesIn(plain, one));
      const hinted = withHints(plain, isHere);
      const [before, after] = [outcomesIn(hinted, one), outcomesIn(hinted, other)];
      if (routingFacts(one) === routingFacts(other)) expect(after).toEqual(before);
      else if (JSON.stringify(before) !== JSON.stringify(after)) differing += 1;
    },
  );
  // A difference that never shows is none.
  const reached = () => expect(differing).toBeGreaterThan(0);
  await checkFixedThenRandom(property, { fixed: 30, numRuns: shareOf(100), reached });
});

interface Run {
  readonly state: NodeState;
  readonly run: Node;
  readonly isLocal: (ip: string) => boolean;
}

function nodeIn(setting: RuleSetting, { network, cluster, config }: NodeCase): Run {
  const { mode } = setting;
  const { state, diagnostics } = resolve(cluster, { config: inMode(config, mode), family: network.family });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const own = [...config.nodeIPs, network.family === 'IPv4' ? '127.0.0.1' : '::1'];
  const serviceIPs = state.servicePorts.flatMap(allIPs);
  return {
    state,
    run: walkedNode(state, setting, own),
    isLocal: (ip) => own.includes(ip) || (mode === 'ipvs' && serviceIPs.includes(ip)),
  };
}

function allIPs({ clusterIP, externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return [clusterIP, ...externalIPs, ...loadBalancerIPs];
}

/** Every client tries every address; what ipvs mode knows of it is known of all modes. */
function* attempts(node: NodeCase): Generator<Attempt> {
  const { network } = node;
  const { servicePorts, ipvs } = nodeIn({ mode: 'ipvs', layout: 'kube-proxy' }, node).state;
  for (const servicePort of servicePorts) {
    const { clusterIP, externalIPs, loadBalancerIPs, port, nodePort } = servicePort;
    const places: readonly [Target, readonly string[], number][] = [
      ['clusterIP', [clusterIP], port],
      ['externalIP', externalIPs, port],
      ['loadBalancerIP', loadBalancerIPs, port],
      ['nodePort', nodePort === 0 ? [] : (ipvs?.nodePortAddresses ?? []), nodePort],
    ];
    for (const [target, ips, number] of places) {
      for (const ip of ips) {
        for (const client of ['friend', 'stranger', 'pod', 'process'] as const) {
          const source = client === 'process' ? (network.nodeIPs[0] ?? '') : network[client];
          yield { servicePort, target, ip, port: number, client, source };
        }
      }
    }
  }
}

/** A process that goes to an address of its own host comes from that address. */
function packetOf(
  { servicePort, ip, port, client, source }: Attempt,
  isLocal: Run['isLocal'],
  network: Network,
): Packet {
  return {
    family: network.family,
    source: client === 'process' && isLocal(ip) ? ip : source,
    destination: ip,
    protocol: lowerCaseProtocol(servicePort.protocol),
    port,
    inInterface:
      client === 'process' ? NO_INTERFACE : { kind: 'named', name: source === network.pod ? 'pod0' : 'eth0' },
    outInterface: UNKNOWN_INTERFACE,
    mark: 0,
  };
}

function isAdmitted({ servicePort, target, client, source }: Attempt): boolean {
  const { admitted } = servicePort;
  if (target !== 'loadBalancerIP' || admitted === undefined) return true;
  if (client === 'process') return admitted.ofNode.length > 0;
  return admitted.ranges.some((range) => cidrContains(range, source));
}

function served(delivery: Delivery | undefined): Pick<Outcome, 'kind' | 'endpoints'> {
  if (delivery?.kind !== 'endpoints') return REJECTED;
  return { kind: 'served', endpoints: delivery.pool.endpoints.map(({ hostPort }) => hostPort).sort() };
}

function withoutMasquerade({ kind, endpoints }: Outcome): Pick<Outcome, 'kind' | 'endpoints'> {
  return { kind, endpoints };
}
