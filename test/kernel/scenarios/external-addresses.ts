import type { JsonObject } from '../../../src/model/json.ts';
import type { Addresses, PodName } from '../../support/kernel/addresses.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { endpoints, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import { NO_ANSWER, REFUSAL, type Scenario, serversOn } from '../../support/kernel/scenario.ts';

function webOn(net: Addresses, pods: readonly PodName[]): JsonObject {
  return slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, ...pods) });
}

/** A LoadBalancer Service with one ingress address. */
function loadBalancer(net: Addresses, spec: JsonObject, ingress: JsonObject = {}): JsonObject {
  return service(
    'web',
    {
      type: 'LoadBalancer',
      clusterIP: net.clusterIP(1),
      ports: [{ ...WEB_PORT, nodePort: 30080 }],
      ...spec,
    },
    { status: { loadBalancer: { ingress: [{ ip: net.loadBalancerIP(1), ...ingress }] } } },
  );
}

/** externalIPs and load-balancer addresses. */
export const externalAddressScenarios: readonly Scenario[] = [
  {
    name: 'an external IP answers everybody and masquerades',
    manifests: (net) => [
      service('web', { clusterIP: net.clusterIP(1), externalIPs: [net.externalIP(1)], ports: [WEB_PORT] }),
      webOn(net, ['a', 'd']),
    ],
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      expectAnswers(await connect(lab.client, net.externalIP(1), 80), answers);
      expectAnswers(await connect(lab.pods.c, net.externalIP(1), 80), answers);
      expectAnswers(await connect(lab.node, net.externalIP(1), 80), answers);
      await expectAll('unreachable', [connect(lab.client, net.externalIP(2), 80, REFUSAL)]);
    },
  },
  {
    name: "an external IP with policy Local keeps the client's address",
    manifests: (net) => [
      service('web', {
        clusterIP: net.clusterIP(1),
        externalIPs: [net.externalIP(1)],
        externalTrafficPolicy: 'Local',
        ports: [WEB_PORT],
      }),
      webOn(net, ['a', 'd']),
    ],
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.client, net.externalIP(1), 80), {
        by: serversOn(net, ['a']),
        seeing: [net.client],
      });
      expectAnswers(await connect(lab.pods.c, net.externalIP(1), 80), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.pods.c],
      });
    },
  },
  {
    name: 'a load balancer address answers everybody and masquerades',
    manifests: (net) => [loadBalancer(net, {}), webOn(net, ['a', 'd'])],
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      expectAnswers(await connect(lab.client, net.loadBalancerIP(1), 80), answers);
      expectAnswers(await connect(lab.pods.c, net.loadBalancerIP(1), 80), answers);
      expectAnswers(await connect(lab.node, net.loadBalancerIP(1), 80), answers);
      expectAnswers(await connect(lab.client, net.node, 30080), answers);
    },
  },
  {
    name: 'a load balancer that is its own destination (ipMode Proxy) gets no rules',
    manifests: (net) => [loadBalancer(net, {}, { ipMode: 'Proxy' }), webOn(net, ['a', 'd'])],
    check: async ({ net, lab, connect }) => {
      await expectAll('unreachable', [connect(lab.client, net.loadBalancerIP(1), 80, REFUSAL)]);
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.pods.c],
      });
    },
  },
  {
    name: "a load balancer with policy Local keeps the client's address",
    manifests: (net) => [
      loadBalancer(net, { externalTrafficPolicy: 'Local', healthCheckNodePort: 32001 }),
      webOn(net, ['a', 'b', 'd']),
    ],
    check: async ({ net, lab, connect }) => {
      const local = { by: serversOn(net, ['a', 'b']), seeing: [net.client] };
      expectAnswers(await connect(lab.client, net.loadBalancerIP(1), 80), local);
      expectAnswers(await connect(lab.client, net.node, 30080), local);
      expectAnswers(await connect(lab.pods.c, net.loadBalancerIP(1), 80), {
        by: serversOn(net, ['a', 'b', 'd']),
        seeing: [net.pods.c],
      });
    },
  },
  {
    name: 'a load balancer with policy Local and no local endpoints stays silent',
    manifests: (net) => [
      loadBalancer(net, { externalTrafficPolicy: 'Local', healthCheckNodePort: 32001 }),
      webOn(net, ['d']),
    ],
    check: async ({ net, lab, connect }) => {
      await expectAll('silent', [connect(lab.client, net.loadBalancerIP(1), 80, NO_ANSWER)]);
      expectAnswers(await connect(lab.pods.c, net.loadBalancerIP(1), 80), {
        by: serversOn(net, ['d']),
        seeing: [net.pods.c],
      });
    },
  },
  {
    name: 'source ranges let friends in and keep strangers out, at the load balancer address only',
    manifests: (net) => [
      loadBalancer(net, { loadBalancerSourceRanges: [net.friendRange, hostRange(net, net.node)] }),
      webOn(net, ['a', 'd']),
    ],
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      const vip = net.loadBalancerIP(1);
      expectAnswers(await connect(lab.client, vip, 80, { from: [net.client] }), answers);
      expectAnswers(await connect(lab.node, vip, 80, { from: [net.node] }), answers);
      await expectAll('silent', [
        connect(lab.client, vip, 80, { ...NO_ANSWER, from: [net.stranger] }),
        connect(lab.pods.c, vip, 80, NO_ANSWER),
        connect(lab.node, vip, 80, { ...NO_ANSWER, from: [net.nodeOnPeerLink] }),
      ]);
      expectAnswers(await connect(lab.client, net.node, 30080, { from: [net.stranger] }), answers);
    },
  },
];

function hostRange({ family }: Addresses, address: string): string {
  return `${address}/${family === 'IPv4' ? 32 : 128}`;
}
