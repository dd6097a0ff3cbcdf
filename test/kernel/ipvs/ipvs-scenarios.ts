import { expect } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Addresses, PodName } from '../../support/kernel/addresses.ts';
import type { Outcome } from '../../support/kernel/agent-protocol.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { endpoints, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import {
  type Bench,
  NO_ANSWER,
  REFUSAL,
  type Scenario,
  serversOn,
  usualFlags,
} from '../../support/kernel/scenario.ts';

function web(
  net: Addresses,
  pods: readonly PodName[],
  spec: JsonObject = {},
  rest: JsonObject = {},
): JsonObject[] {
  return [
    service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT], ...spec }, rest),
    slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, ...pods) }),
  ];
}

function nodePort(net: Addresses, pods: readonly PodName[], spec: JsonObject = {}): JsonObject[] {
  return web(net, pods, { type: 'NodePort', ports: [{ ...WEB_PORT, nodePort: 30080 }], ...spec });
}

function loadBalancer(net: Addresses, pods: readonly PodName[], spec: JsonObject): JsonObject[] {
  const status = { loadBalancer: { ingress: [{ ip: net.loadBalancerIP(1) }] } };
  const ports = [{ ...WEB_PORT, nodePort: 30080 }];
  return web(net, pods, { type: 'LoadBalancer', ports, ...spec }, { status });
}

/** How IPVS chooses real servers. */
const schedulerScenarios: readonly Scenario[] = [
  {
    name: 'round robin is exact, TCP and UDP',
    manifests: (net) => [
      ...web(net, ['a', 'b', 'd', 'e', 'f']),
      service('dns', {
        clusterIP: net.clusterIP(2),
        ports: [{ port: 53, targetPort: 9090, protocol: 'UDP' }],
      }),
      slice(net, 'dns', {
        ports: [{ name: '', port: 9090, protocol: 'UDP' }],
        endpoints: endpoints(net, 'a', 'd', 'f'),
      }),
    ],
    check: async ({ net, lab, connect }) => {
      expect(countServers(await connect(lab.pods.c, net.clusterIP(1), 80, { count: 50 }))).toEqual(
        Object.fromEntries(serversOn(net, ['a', 'b', 'd', 'e', 'f']).map((server) => [server, 10])),
      );
      const datagrams = { count: 30, protocol: 'udp' } as const;
      expect(countServers(await connect(lab.pods.c, net.clusterIP(2), 53, datagrams))).toEqual(
        Object.fromEntries(serversOn(net, ['a', 'd', 'f'], 9090).map((server) => [server, 10])),
      );
    },
  },
  {
    name: 'scheduler sh keeps every client on one server',
    flags: (net) => [...usualFlags(net), '--ipvs-scheduler', 'sh'],
    manifests: (net) => nodePort(net, ['a', 'b', 'd']),
    check: async (at) => {
      const first = await serversOfCrowd(at);
      expect(new Set(first)).toEqual(new Set(serversOn(at.net, ['a', 'b', 'd'])));
      expect(await serversOfCrowd(at)).toEqual(first);
    },
  },
  {
    name: 'session affinity keeps every client on one server, at all addresses of the Service',
    manifests: (net) => nodePort(net, ['a', 'b', 'd'], { sessionAffinity: 'ClientIP' }),
    check: async (at) => {
      const first = await serversOfCrowd(at);
      expect(new Set(first)).toEqual(new Set(serversOn(at.net, ['a', 'b', 'd'])));
      expect(await serversOfCrowd(at)).toEqual(first);
      const { lab, net } = at;
      expect(Object.keys(countServers(await at.connect(lab.pods.c, net.clusterIP(1), 80)))).toHaveLength(1);
    },
  },
];

/** Where ipvs mode differs from iptables mode. */
const differenceScenarios: readonly Scenario[] = [
  {
    name: 'a ClusterIP answers pods, with their address kept; a port that it does not serve is refused',
    manifests: (net) => web(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      const by = serversOn(net, ['a', 'd']);
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
      const masqueraded = { by, seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      expectAnswers(await connect(lab.node, net.clusterIP(1), 80), masqueraded);
      expectAnswers(await connect(lab.client, net.clusterIP(1), 80), masqueraded);
      await expectAll('refused', [
        connect(lab.pods.c, net.clusterIP(1), 81, REFUSAL),
        connect(lab.client, net.clusterIP(1), 81, REFUSAL),
      ]);
    },
  },
  {
    name: 'internalTrafficPolicy Local: endpoints of this node only, refusal when it has none',
    manifests: (net) => [
      ...web(net, ['a', 'b', 'd'], { internalTrafficPolicy: 'Local' }),
      service('far', { clusterIP: net.clusterIP(2), internalTrafficPolicy: 'Local', ports: [WEB_PORT] }),
      slice(net, 'far', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'd', 'e') }),
    ],
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'b']), seeing: [net.pods.c] };
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), answers);
      await expectAll('refused', [connect(lab.pods.c, net.clusterIP(2), 80, REFUSAL)]);
    },
  },
  {
    name: "externalTrafficPolicy Local: this node's endpoints for everybody, the client's address kept",
    manifests: (net) => nodePort(net, ['a', 'b', 'd'], { externalTrafficPolicy: 'Local' }),
    check: async ({ net, lab, connect }) => {
      const by = serversOn(net, ['a', 'b']);
      expectAnswers(await connect(lab.client, net.node, 30080), { by, seeing: [net.client] });
      expectAnswers(await connect(lab.pods.c, net.node, 30080), { by, seeing: [net.pods.c] });
      const everywhere = { by: serversOn(net, ['a', 'b', 'd']), seeing: [net.pods.c] };
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), everywhere);
    },
  },
  {
    name: 'externalTrafficPolicy Local without local endpoints: those of the cluster',
    manifests: (net) => nodePort(net, ['d', 'e'], { externalTrafficPolicy: 'Local' }),
    check: async ({ net, lab, connect }) => {
      const by = serversOn(net, ['d', 'e']);
      expectAnswers(await connect(lab.pods.c, net.node, 30080), { by, seeing: [net.pods.c] });
      // That answers find their way back is due to the lab's routes: elsewhere they would not pass by the node.
      expectAnswers(await connect(lab.client, net.node, 30080), { by, seeing: [net.client] });
    },
  },
  {
    name: "external and load-balancer addresses with policy Local keep the client's address",
    manifests: (net) =>
      loadBalancer(net, ['a', 'd'], { externalTrafficPolicy: 'Local', externalIPs: [net.externalIP(1)] }),
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a']), seeing: [net.client] };
      expectAnswers(await connect(lab.client, net.loadBalancerIP(1), 80), answers);
      expectAnswers(await connect(lab.client, net.externalIP(1), 80), answers);
    },
  },
  {
    name: 'a NodePort refuses on localhost (IPv4)',
    families: ['IPv4'],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      await expectAll('refused', [connect(lab.node, net.loopback, 30080, REFUSAL)]);
    },
  },
  {
    name: 'source ranges let friends in and keep strangers out; ranges that hold the node let in its processes',
    manifests: (net) =>
      loadBalancer(net, ['a', 'd'], { loadBalancerSourceRanges: [net.friendRange, hostRange(net)] }),
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      const vip = net.loadBalancerIP(1);
      expectAnswers(await connect(lab.client, vip, 80, { from: [net.client] }), answers);
      expectAnswers(await connect(lab.node, vip, 80), answers);
      await expectAll('silent', [
        connect(lab.client, vip, 80, { ...NO_ANSWER, from: [net.stranger] }),
        connect(lab.pods.c, vip, 80, NO_ANSWER),
      ]);
      expectAnswers(await connect(lab.client, net.node, 30080, { from: [net.stranger] }), answers);
    },
  },
  {
    name: 'source ranges that leave the node out keep its processes out; a range of everybody lets everybody in',
    manifests: (net) => [
      ...loadBalancer(net, ['a', 'd'], { loadBalancerSourceRanges: [net.friendRange] }),
      service(
        'open',
        {
          type: 'LoadBalancer',
          clusterIP: net.clusterIP(2),
          ports: [{ ...WEB_PORT, nodePort: 30081 }],
          loadBalancerSourceRanges: [net.family === 'IPv4' ? '0.0.0.0/0' : '::/0'],
        },
        { status: { loadBalancer: { ingress: [{ ip: net.loadBalancerIP(2) }] } } },
      ),
      slice(net, 'open', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'd') }),
    ],
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      await expectAll('silent', [connect(lab.node, net.loadBalancerIP(1), 80, NO_ANSWER)]);
      expectAnswers(await connect(lab.client, net.loadBalancerIP(1), 80, { from: [net.client] }), answers);
      expectAnswers(await connect(lab.client, net.loadBalancerIP(2), 80, { from: [net.stranger] }), answers);
      expectAnswers(await connect(lab.node, net.loadBalancerIP(2), 80), answers);
    },
  },
];

/** What ipvs mode has to do with packets, beside the scenarios of all modes. */
export const ipvsScenarios: readonly Scenario[] = [...schedulerScenarios, ...differenceScenarios];

/** Which server answers each of many clients at the NodePort. */
async function serversOfCrowd({ net, lab, connect }: Bench): Promise<readonly string[]> {
  const outcomes = await connect(lab.client, net.node, 30080, { from: net.crowd, count: net.crowd.length });
  return outcomes.map((outcome) => (outcome.kind === 'answered' ? outcome.server : outcome.kind));
}

function countServers(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key = outcome.kind === 'answered' ? outcome.server : outcome.kind;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function hostRange({ node, family }: Addresses): string {
  return `${node}/${family === 'IPv4' ? 32 : 128}`;
}
