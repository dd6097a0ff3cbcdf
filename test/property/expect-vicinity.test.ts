import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connectionFollower, reachedBy } from '../../src/expect/outcome.ts';
import { createWorld, type Site, type World } from '../../src/expect/world.ts';
import { firstPacket, senderOf, type WantedClient } from '../../src/explain/plan-connection.ts';
import { type TargetAddress, targetsOf } from '../../src/explain/targets.ts';
import { lowerCaseProtocol } from '../../src/lang/packet/l4-protocol.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { PROXY_MODES, type ProxyMode } from '../../src/model/proxy-config.ts';
import { MODES } from '../../src/modes/index.ts';
import { follow } from '../../src/trace/follow.ts';
import { inMode } from '../support/cluster.ts';
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

function worldOf({ config }: NodeCase, cluster: Cluster, mode: ProxyMode): World {
  const setting = { mode, layout: MODES[mode].layouts[0] };
  return createWorld(cluster, { tested: [{ config: inMode(config, mode), setting }], node: undefined });
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
              const sender = senderOf(client, address, site.facts);
              if (sender === undefined) continue;
              const packet = firstPacket({ ...address, ...sender }, client, site.facts);
              const followed = follow(site.firewall(), site.host, packet);
              if (followed.kind === 'too-many') continue;
              const planned = { site, client, from: '', address, target: undefined };
              const { reason: _, ...outcome } = outcomeOf(planned) ?? { reason: undefined };
              expect(outcome).toEqual(reachedBy(followed.ways));
            }
          }
        }
      }
    }),
    { numRuns: 5 },
  );
});
