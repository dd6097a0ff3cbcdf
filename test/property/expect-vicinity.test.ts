import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { connectionFollower } from '../../src/expect/outcome.ts';
import { type ReachedWays, reachedBy } from '../../src/expect/reached-ways.ts';
import type { Site } from '../../src/expect/world/site.ts';
import { createWorld, type World } from '../../src/expect/world/world.ts';
import { firstPacket, senderOf, type WantedClient } from '../../src/explain/connection/plan-connection.ts';
import { type TargetAddress, targetsOf } from '../../src/explain/connection/targets.ts';
import { lowerCaseProtocol } from '../../src/lang/packet/l4-protocol.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { PROXY_MODES, type ProxyMode } from '../../src/model/proxy-config.ts';
import { MODES } from '../../src/modes/index.ts';
import { follow } from '../../src/trace/follow.ts';
import {
  cluster,
  endpoint,
  endpointPort,
  inMode,
  proxyConfig,
  service,
  servicePort,
  slice,
} from '../support/cluster.ts';
import { arbitraryNode, type Network, type NodeCase } from '../support/walk/arbitrary-node.ts';

const NOBODY = { ip: undefined, origin: undefined, inInterface: undefined, outInterface: undefined } as const;

/** Everybody whom some rule may tell from others. */
function clientsOf({ friend, stranger, pod, nodeIPs, address }: Network): readonly WantedClient[] {
  const ips = [
    friend,
    stranger,
    pod,
    ...nodeIPs,
    ...(['cluster', 'external', 'endpoint'] as const).flatMap((kind) =>
      [1, 2].map((number) => address(kind, number)),
    ),
  ];
  return [
    { ...NOBODY, origin: 'outside' },
    { ...NOBODY, origin: 'node' },
    ...ips.map((ip) => ({ ...NOBODY, ip })),
  ];
}

/** Every address of every Service, the port beside it, and endpoints and nodes themselves. */
function addressesOf({ state }: Site, { nodeIPs, address }: Network): readonly TargetAddress[] {
  const of = state.servicePorts.flatMap((servicePort) => {
    const protocol = lowerCaseProtocol(servicePort.protocol);
    return targetsOf(servicePort).flatMap(({ ip, port }) =>
      (ip === undefined ? nodeIPs : [ip]).map((destination) => ({ protocol, destination, port })),
    );
  });
  const [first] = of;
  if (first === undefined) return [];
  return [
    ...of,
    { ...first, port: first.port + 1 },
    { ...first, destination: address('endpoint', 1), port: 8080 },
  ];
}

function worldOf({ config }: NodeCase, objects: Cluster, mode: ProxyMode): World {
  const setting = { mode, layout: MODES[mode].layouts[0] };
  return createWorld(objects, { tested: [{ config: inMode(config, mode), setting }], node: undefined });
}

/** nginx, the proxy of userspace mode, knows no SCTP. */
function withoutSCTP(node: NodeCase): NodeCase {
  const services = node.cluster.services.map((service) => ({
    ...service,
    ports: service.ports.filter(({ protocol }) => protocol !== 'SCTP'),
  }));
  return { ...node, cluster: { ...node.cluster, services } };
}

/** The first Service sends to where the second one is. */
function crossed({ cluster, network }: NodeCase): Cluster {
  const [first, ...others] = cluster.endpointSlices;
  const [moved, ...rest] = first?.endpoints ?? [];
  if (first === undefined || moved === undefined) return cluster;
  const endpoints = [{ ...moved, addresses: [network.address('external', 2)] }, ...rest];
  return { ...cluster, endpointSlices: [{ ...first, endpoints }, ...others] };
}

interface Tried {
  readonly site: Site;
  readonly client: WantedClient;
  readonly address: TargetAddress;
}

/** undefined: it has too many ways, or nobody knows where it comes from. */
function throughAllRules({ site, client, address }: Tried): ReachedWays | undefined {
  const sender = senderOf(client, address, site.facts);
  if (sender === undefined) return undefined;
  const packet = firstPacket({ ...address, ...sender }, client, site.facts);
  const followed = follow(site.firewall(), site.host, packet);
  return followed.kind === 'too-many' ? undefined : reachedBy(followed.ways);
}

function found(outcomeOf: ReturnType<typeof connectionFollower>, tried: Tried): Partial<ReachedWays> {
  const { reason: _, ...outcome } = outcomeOf({ ...tried, from: '', target: undefined }) ?? {
    reason: undefined,
  };
  return outcome;
}

test.each(PROXY_MODES)('%s: what is far from a connection makes no difference to it', (mode) => {
  fc.assert(
    fc.property(arbitraryNode, (wanted) => {
      const node = mode === 'userspace' ? withoutSCTP(wanted) : wanted;
      const { network, cluster } = node;
      const outcomeOf = connectionFollower();
      for (const each of [cluster, { ...cluster, services: cluster.services.slice(1) }, crossed(node)]) {
        const world = worldOf(node, each, mode);
        for (const name of ['here', 'there']) {
          const site = world.at({ mode, node: name, family: network.family });
          for (const address of addressesOf(site, network)) {
            for (const client of clientsOf(network)) {
              const connection = { site, client, address };
              const reached = throughAllRules(connection);
              if (reached !== undefined) expect(found(outcomeOf, connection)).toEqual(reached);
            }
          }
        }
      }
    }),
    { numRuns: 5 },
  );
});

/** Where somebody connects from and to. */
interface End {
  readonly client: WantedClient;
  readonly destination: string;
  readonly port: number;
}

const SOMEBODY: WantedClient = { ...NOBODY, ip: '192.0.2.5', origin: 'outside' };
const NODE: WantedClient = { ...NOBODY, origin: 'node' };

const LAYOUTS = PROXY_MODES.flatMap((mode) => MODES[mode].layouts.map((layout) => ({ mode, layout })));

/** Connections that have the same numbers, and differ in a range alone; and the layouts whose rules ask for that range. */
const PAIRS: Readonly<Record<string, { readonly ends: readonly [End, End]; readonly asking: RegExp }>> = {
  'the range of pods': {
    ends: [
      { client: { ...SOMEBODY, ip: '10.244.1.200' }, destination: '10.96.0.1', port: 80 },
      { client: SOMEBODY, destination: '10.96.0.1', port: 80 },
    ],
    asking: /^(?!userspace)/,
  },
  'the range of Services': {
    ends: [
      { client: SOMEBODY, destination: '10.96.0.99', port: 81 },
      { client: SOMEBODY, destination: '198.51.100.9', port: 81 },
    ],
    asking: /^nftables kube-proxy/,
  },
  'addresses of the node': {
    ends: [
      { client: SOMEBODY, destination: '192.168.7.11', port: 30080 },
      { client: SOMEBODY, destination: '198.51.100.9', port: 30080 },
    ],
    asking: /^/,
  },
  loopback: {
    ends: [
      { client: NODE, destination: '127.0.0.1', port: 30080 },
      { client: NODE, destination: '192.168.7.11', port: 30080 },
    ],
    asking: /^(?:ipvs|nftables kube-proxy)/,
  },
  'ranges of a load balancer': {
    ends: [
      { client: { ...SOMEBODY, ip: '198.19.0.5' }, destination: '203.0.113.1', port: 80 },
      { client: SOMEBODY, destination: '203.0.113.1', port: 80 },
    ],
    asking: /^/,
  },
};

const ONE_SERVICE = cluster({
  services: [
    service({
      name: 'web',
      type: 'LoadBalancer',
      clusterIPs: ['10.96.0.1'],
      ports: [servicePort({ name: 'http', port: 80, nodePort: 30080 })],
      loadBalancerIngress: [{ ip: '203.0.113.1', ipMode: 'VIP' }],
      loadBalancerSourceRanges: ['198.18.0.0/15'],
    }),
  ],
  endpointSlices: [
    slice({
      of: 'web',
      ports: [endpointPort({ name: 'http', port: 8080 })],
      endpoints: [endpoint('10.244.1.1', { nodeName: 'here' })],
    }),
  ],
});

const SETTINGS = proxyConfig({
  nodeName: 'here',
  nodeIPs: ['192.168.7.11'],
  detectLocal: { kind: 'cluster-cidr', cidrs: ['10.244.0.0/16'] },
  nodePortAddresses: { kind: 'all' },
  serviceCIDRs: ['10.96.0.0/16'],
});

describe.each(Object.entries(PAIRS))('%s', (_, { ends, asking }) => {
  test.each(LAYOUTS)('$mode $layout tells connections apart by it, in either order', ({ mode, layout }) => {
    const tested = [{ config: inMode(SETTINGS, mode), setting: { mode, layout } }];
    for (const order of [ends, ends.toReversed()]) {
      const site = createWorld(ONE_SERVICE, { tested, node: undefined }).at({
        mode,
        node: 'here',
        family: 'IPv4',
      });
      const tried = order.map(({ client, ...to }) => ({
        site,
        client,
        address: { ...to, protocol: 'tcp' as const },
      }));
      const wanted = tried.map(throughAllRules);
      const outcomeOf = connectionFollower();
      expect(tried.map((each) => found(outcomeOf, each))).toEqual(wanted);
      const [one, other] = wanted.map((each) => JSON.stringify(each));
      expect(one !== other, `${one} and ${other}`).toBe(asking.test(`${mode} ${layout}`));
    }
  });
});
