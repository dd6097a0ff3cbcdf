import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidrContains } from '../../src/model/ip.ts';
import type { Delivery, NodeState, ServicePort } from '../../src/model/node-state.ts';
import { lowerCaseProtocol } from '../../src/render/restore/matches.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../src/trace/walk/packet.ts';
import { arbitraryNode, type Network, type NodeCase } from '../support/walk/arbitrary-node.ts';
import type { Outcome } from '../support/walk/outcome.ts';
import { iptablesNode, ipvsNode, type Node } from '../support/walk/walk-node.ts';

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
  /** What ipvs mode does instead. */
  readonly instead: (attempt: Attempt) => Pick<Outcome, 'kind' | 'endpoints'>;
}

const REJECTED = { kind: 'rejected', endpoints: [] } as const;
const DROPPED = { kind: 'dropped', endpoints: [] } as const;

/** What kube-proxy's own two modes do differently. The first that applies counts. */
const KNOWN_DIFFERENCES: readonly Difference[] = [
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

test('ipvs mode sends every connection where iptables mode sends it, but for known differences', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(arbitraryNode, (node) => {
      const iptables = nodeIn('iptables', node);
      const ipvs = nodeIn('ipvs', node);
      for (const attempt of attempts(ipvs.state, node.network)) {
        const difference = KNOWN_DIFFERENCES.find(({ applies }) => applies(attempt));
        const usual = iptables.run(packetOf(attempt, iptables.isLocal, node.network));
        const actual = ipvs.run(packetOf(attempt, ipvs.isLocal, node.network));
        const { isMasqueraded, ...expected } = usual;
        expect({ attempt, ...withoutMasquerade(actual) }).toEqual({
          attempt,
          ...(difference === undefined ? expected : difference.instead(attempt)),
        });
        if (difference !== undefined) seen.add(difference.name);
        else if (attempt.client !== 'process')
          expect({ attempt, isMasqueraded: actual.isMasqueraded }).toEqual({ attempt, isMasqueraded });
      }
    }),
    { numRuns: 200 },
  );
  // A difference that never shows is none.
  expect([...seen].sort()).toEqual(KNOWN_DIFFERENCES.map(({ name }) => name).sort());
});

interface Run {
  readonly state: NodeState;
  readonly run: Node;
  readonly isLocal: (ip: string) => boolean;
}

function nodeIn(mode: 'iptables' | 'ipvs', { network, cluster, config }: NodeCase): Run {
  const { state, diagnostics } = resolve(cluster, { config: { ...config, mode }, family: network.family });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const own = [...config.nodeIPs, network.family === 'IPv4' ? '127.0.0.1' : '::1'];
  const serviceIPs = state.servicePorts.flatMap(allIPs);
  return {
    state,
    run: mode === 'ipvs' ? ipvsNode(state, own) : iptablesNode(state, own),
    isLocal: (ip) => own.includes(ip) || (mode === 'ipvs' && serviceIPs.includes(ip)),
  };
}

function allIPs({ clusterIP, externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return [clusterIP, ...externalIPs, ...loadBalancerIPs];
}

function* attempts({ servicePorts, ipvs }: NodeState, network: Network): Generator<Attempt> {
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
  const { sourceRanges, sourceRangesHoldNode } = servicePort;
  if (target !== 'loadBalancerIP' || sourceRanges.length === 0) return true;
  if (client === 'process') return sourceRangesHoldNode;
  return sourceRanges.some((range) => cidrContains(range, source));
}

function served(delivery: Delivery | undefined): Pick<Outcome, 'kind' | 'endpoints'> {
  if (delivery?.kind !== 'endpoints') return REJECTED;
  return { kind: 'served', endpoints: delivery.pool.endpoints.map(({ hostPort }) => hostPort).sort() };
}

function withoutMasquerade({ kind, endpoints }: Outcome): Pick<Outcome, 'kind' | 'endpoints'> {
  return { kind, endpoints };
}
