import { expect } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import type { Addresses, PodName } from '../../support/kernel/addresses.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { LOOPBACK_PORT } from '../../support/kernel/lab.ts';
import { endpoints, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import { NO_ANSWER, REFUSAL, type Scenario, serversOn, usualFlags } from '../../support/kernel/scenario.ts';
import { deliverSCTP } from '../../support/kernel/sctp.ts';

/** A NodePort Service on 30080, with endpoints. */
function nodePort(net: Addresses, pods: readonly PodName[], spec: JsonObject = {}): JsonObject[] {
  return [
    service('web', {
      type: 'NodePort',
      clusterIP: net.clusterIP(1),
      ports: [{ ...WEB_PORT, nodePort: 30080 }],
      ...spec,
    }),
    slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, ...pods) }),
  ];
}

export const nodePortScenarios: readonly Scenario[] = [
  {
    name: 'a NodePort answers at every address of the node and masquerades',
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      const answers = { by: serversOn(net, ['a', 'd']), seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      expectAnswers(await connect(lab.client, net.node, 30080), answers);
      expectAnswers(await connect(lab.client, net.nodeOnPeerLink, 30080), answers);
      expectAnswers(await connect(lab.pods.c, net.node, 30080), answers);
      expectAnswers(await connect(lab.node, net.node, 30080), answers);
    },
  },
  {
    name: 'a NodePort serves UDP',
    manifests: (net) => [
      service('dns', {
        type: 'NodePort',
        clusterIP: net.clusterIP(1),
        ports: [{ port: 53, targetPort: 9090, nodePort: 30053, protocol: 'UDP' }],
      }),
      slice(net, 'dns', {
        ports: [{ name: '', port: 9090, protocol: 'UDP' }],
        endpoints: endpoints(net, 'a', 'd'),
      }),
    ],
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.client, net.node, 30053, { protocol: 'udp' }), {
        by: serversOn(net, ['a', 'd'], 9090),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
      await expectAll('refused', [connect(lab.client, net.node, 30053, REFUSAL)]);
    },
  },
  {
    name: 'SCTP is delivered',
    manifests: (net) => [
      service('signal', {
        type: 'NodePort',
        clusterIP: net.clusterIP(1),
        ports: [{ port: 3868, targetPort: 9090, nodePort: 30868, protocol: 'SCTP' }],
      }),
      slice(net, 'signal', {
        ports: [{ name: '', port: 9090, protocol: 'SCTP' }],
        endpoints: endpoints(net, 'a'),
      }),
    ],
    check: async ({ net, lab }) => {
      const target = { at: lab.pods.a, address: net.pods.a };
      const { c } = lab.pods;
      const inside = { ...target, from: c, to: net.clusterIP(1), port: 3868 };
      expect(await deliverSCTP(inside)).toBe(`9090 ${net.pods.c}`);
      const outside = { ...target, from: lab.client, to: net.node, port: 30868 };
      expect(await deliverSCTP(outside)).toBe(`9090 ${net.nodeOnPodLinks}`);
    },
  },
  {
    name: "externalTrafficPolicy Local: this node's endpoints, with the client's address kept",
    manifests: (net) => nodePort(net, ['a', 'b', 'd'], { externalTrafficPolicy: 'Local' }),
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.client, net.node, 30080), {
        by: serversOn(net, ['a', 'b']),
        seeing: [net.client],
      });
      const everywhere = serversOn(net, ['a', 'b', 'd']);
      expectAnswers(await connect(lab.pods.c, net.node, 30080), { by: everywhere, seeing: [net.pods.c] });
      expectAnswers(await connect(lab.node, net.node, 30080), {
        by: everywhere,
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
    },
  },
  {
    name: 'externalTrafficPolicy Local without local endpoints: silence outside, answers inside',
    manifests: (net) => nodePort(net, ['d', 'e'], { externalTrafficPolicy: 'Local' }),
    check: async ({ net, lab, connect }) => {
      await expectAll('silent', [connect(lab.client, net.node, 30080, NO_ANSWER)]);
      const by = serversOn(net, ['d', 'e']);
      expectAnswers(await connect(lab.pods.c, net.node, 30080), { by, seeing: [net.pods.c] });
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
    },
  },
  {
    name: 'a NodePort answers on localhost (IPv4)',
    families: ['IPv4'],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.node, net.loopback, 30080), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
    },
  },
  {
    name: 'a NodePort does not answer on localhost (IPv6)',
    families: ['IPv6'],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      await expectAll('refused', [connect(lab.node, net.loopback, 30080, REFUSAL)]);
    },
  },
  {
    name: 'a NodePort does not answer on localhost when that is switched off (IPv4)',
    families: ['IPv4'],
    flags: (net) => [...usualFlags(net), '--iptables-localhost-nodeports=false'],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      await expectAll('refused', [connect(lab.node, net.loopback, 30080, REFUSAL)]);
      expectAnswers(await connect(lab.client, net.node, 30080), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
    },
  },
  {
    name: "localhost NodePorts do not open the node's loopback services to the network (IPv4)",
    families: ['IPv4'],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      // The client machine sends packets for 127.0.0.1 out to the node.
      await lab.client.sysctl([['net/ipv4/conf/all/route_localnet', '1']]);
      await lab.client.must(['ip', 'address', 'del', '127.0.0.1/8', 'dev', 'lo']);
      await lab.client.must(['ip', 'route', 'add', '127.0.0.0/8', 'via', net.node]);
      try {
        await expectAll('silent', [connect(lab.client, net.loopback, LOOPBACK_PORT, NO_ANSWER)]);
      } finally {
        await lab.client.must(['ip', 'route', 'del', '127.0.0.0/8']);
        await lab.client.must(['ip', 'address', 'add', '127.0.0.1/8', 'dev', 'lo']);
      }
      const outcomes = await connect(lab.node, net.loopback, LOOPBACK_PORT);
      expectAnswers(outcomes, { by: [`127.0.0.1:${LOOPBACK_PORT}`], seeing: ['127.0.0.1'] });
    },
  },
  {
    name: 'nodeport-addresses: only the addresses named take NodePorts',
    flags: (net) => [
      ...usualFlags(net),
      ...['--node-ip', net.nodeOnPeerLink, '--nodeport-addresses', net.outsideCIDR],
    ],
    manifests: (net) => nodePort(net, ['a', 'd']),
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.client, net.node, 30080), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
      await expectAll('refused', [connect(lab.client, net.nodeOnPeerLink, 30080, REFUSAL)]);
    },
  },
];
