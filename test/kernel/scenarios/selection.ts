import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Addresses } from '../../support/kernel/addresses.ts';
import type { Outcome } from '../../support/kernel/agent-protocol.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import {
  endpoint,
  endpoints,
  NODE_NAME,
  node,
  PEER_NAME,
  service,
  slice,
  WEB_PORT,
  WEB_SLICE_PORT,
} from '../../support/kernel/manifests.ts';
import { type Bench, NO_ANSWER, REFUSAL, type Scenario, serversOn } from '../../support/kernel/scenario.ts';

/** Which endpoints get a connection, and what happens when none may. */
export const selectionScenarios: readonly Scenario[] = [
  {
    name: 'session affinity keeps a client at its endpoint until the timeout',
    manifests: (net) => [
      service('sticky', { clusterIP: net.clusterIP(1), sessionAffinity: 'ClientIP', ports: [WEB_PORT] }),
      slice(net, 'sticky', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'b', 'd') }),
      service('brief', {
        clusterIP: net.clusterIP(2),
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 1 } },
        ports: [WEB_PORT],
      }),
      slice(net, 'brief', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'b', 'd') }),
    ],
    check: async (at) => {
      const sticky = await endpointsOfCrowd(at, at.net.clusterIP(1));
      const brief = await endpointsOfCrowd(at, at.net.clusterIP(2));
      expect(new Set(sticky)).toEqual(new Set(serversOn(at.net, ['a', 'b', 'd'])));
      await sleep(2100);
      expect(await endpointsOfCrowd(at, at.net.clusterIP(1))).toEqual(sticky);
      // That all forty clients find their endpoints again by chance happens once in 3^40 runs.
      expect(await endpointsOfCrowd(at, at.net.clusterIP(2))).not.toEqual(brief);
    },
  },
  {
    name: 'no endpoints: every address of the Service refuses at once',
    manifests: (net) => [
      service(
        'empty',
        {
          type: 'LoadBalancer',
          clusterIP: net.clusterIP(1),
          externalIPs: [net.externalIP(1)],
          ports: [
            { name: 'web', port: 80, targetPort: 8080, nodePort: 30080 },
            { name: 'dns', port: 53, targetPort: 9090, nodePort: 30053, protocol: 'UDP' },
          ],
        },
        { status: { loadBalancer: { ingress: [{ ip: net.loadBalancerIP(1) }] } } },
      ),
    ],
    check: async ({ net, lab, connect }) => {
      const outside = [net.externalIP(1), net.loadBalancerIP(1)];
      const attempts = [
        ...[lab.pods.c, lab.client].flatMap((from) => outside.map((to) => ({ from, to }))),
        ...[lab.pods.c, lab.client, lab.node].map((from) => ({ from, to: net.clusterIP(1) })),
      ];
      const udp = { ...REFUSAL, protocol: 'udp' } as const;
      await expectAll('refused', [
        ...attempts.map(({ from, to }) => connect(from, to, 80, REFUSAL)),
        connect(lab.client, net.node, 30080, REFUSAL),
      ]);
      await expectAll('refused', [
        ...attempts.map(({ from, to }) => connect(from, to, 53, udp)),
        connect(lab.client, net.node, 30053, udp),
      ]);
    },
  },
  {
    name: 'internalTrafficPolicy Local: endpoints of this node only, silence when it has none',
    manifests: (net) => [
      service('agent', { clusterIP: net.clusterIP(1), internalTrafficPolicy: 'Local', ports: [WEB_PORT] }),
      slice(net, 'agent', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'b', 'd') }),
      service('far', { clusterIP: net.clusterIP(2), internalTrafficPolicy: 'Local', ports: [WEB_PORT] }),
      slice(net, 'far', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'd', 'e') }),
    ],
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), {
        by: serversOn(net, ['a', 'b']),
        seeing: [net.pods.c],
      });
      await expectAll('silent', [
        connect(lab.pods.c, net.clusterIP(2), 80, NO_ANSWER),
        connect(lab.node, net.clusterIP(2), 80, NO_ANSWER),
      ]);
    },
  },
  {
    name: 'endpoints that are not ready get nothing; terminating ones serve when no others are left',
    manifests: (net) => [
      service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
      slice(net, 'web', {
        ports: [WEB_SLICE_PORT],
        endpoints: [endpoint(net, 'a'), unready(net, 'b'), terminating(net, 'd')],
      }),
      service('ending', { clusterIP: net.clusterIP(2), ports: [WEB_PORT] }),
      slice(net, 'ending', {
        ports: [WEB_SLICE_PORT],
        endpoints: [unready(net, 'a'), terminating(net, 'b'), terminating(net, 'd')],
      }),
    ],
    check: async ({ net, lab, connect }) => {
      const seeing = [net.pods.c];
      const { c } = lab.pods;
      expectAnswers(await connect(c, net.clusterIP(1), 80), { by: serversOn(net, ['a']), seeing });
      expectAnswers(await connect(c, net.clusterIP(2), 80), { by: serversOn(net, ['b', 'd']), seeing });
    },
  },
  {
    name: 'zone hints keep traffic in the zone',
    manifests: (net) => [
      node(net, NODE_NAME, 'zone-1'),
      node(net, PEER_NAME, 'zone-2'),
      service('web', {
        clusterIP: net.clusterIP(1),
        trafficDistribution: 'PreferClose',
        ports: [WEB_PORT],
      }),
      slice(net, 'web', {
        ports: [WEB_SLICE_PORT],
        endpoints: [
          endpoint(net, 'a', { zone: 'zone-1', hints: { forZones: [{ name: 'zone-1' }] } }),
          endpoint(net, 'd', { zone: 'zone-2', hints: { forZones: [{ name: 'zone-2' }] } }),
          endpoint(net, 'e', { zone: 'zone-2', hints: { forZones: [{ name: 'zone-1' }] } }),
        ],
      }),
    ],
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), {
        by: serversOn(net, ['a', 'e']),
        seeing: [net.pods.c],
      });
    },
  },
];

function unready(net: Addresses, pod: 'a' | 'b') {
  return endpoint(net, pod, { conditions: { ready: false, serving: false, terminating: false } });
}

function terminating(net: Addresses, pod: 'b' | 'd') {
  return endpoint(net, pod, { conditions: { ready: false, serving: true, terminating: true } });
}

/** Which endpoint each address of the crowd gets. */
async function endpointsOfCrowd({ net, lab, connect }: Bench, to: string): Promise<string[]> {
  const outcomes = await connect(lab.client, to, 80, { from: net.crowd, count: net.crowd.length });
  return outcomes.map((outcome: Outcome) => (outcome.kind === 'answered' ? outcome.server : outcome.kind));
}
