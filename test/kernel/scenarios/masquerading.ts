import type { Addresses } from '../../support/kernel/addresses.ts';
import { expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { podLink } from '../../support/kernel/lab.ts';
import {
  endpoints,
  NODE_NAME,
  node,
  service,
  slice,
  WEB_PORT,
  WEB_SLICE_PORT,
} from '../../support/kernel/manifests.ts';
import { nodeFlags, type Scenario, serversOn, usualFlags } from '../../support/kernel/scenario.ts';

const web = (net: Addresses) => [
  service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
  slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'd') }),
];

/** Who is masqueraded on the way to a ClusterIP. */
export const masqueradingScenarios: readonly Scenario[] = [
  {
    name: 'when the node does not know which traffic is local, nobody is masqueraded',
    flags: nodeFlags,
    manifests: web,
    check: async ({ net, lab, connect }) => {
      const by = serversOn(net, ['a', 'd']);
      expectAnswers(await connect(lab.client, net.clusterIP(1), 80), { by, seeing: [net.client] });
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
    },
  },
  {
    name: 'with masquerade-all even pods are masqueraded',
    flags: (net) => [...usualFlags(net), '--masquerade-all'],
    manifests: web,
    check: async ({ net, lab, connect }) => {
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), {
        by: serversOn(net, ['a', 'd']),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
    },
  },
  {
    name: 'another masquerade bit works alike',
    flags: (net) => [...usualFlags(net), '--iptables-masquerade-bit', '5'],
    manifests: web,
    check: expectOnlyPodsKeepTheirAddress,
  },
  {
    name: 'local traffic is told by an interface prefix',
    flags: (net) => [
      ...nodeFlags(net),
      ...['--detect-local-mode', 'InterfaceNamePrefix', '--pod-interface-name-prefix', 'pod-'],
    ],
    manifests: web,
    check: expectOnlyPodsKeepTheirAddress,
  },
  {
    name: 'local traffic is told by an interface',
    flags: (net) => [
      ...nodeFlags(net),
      ...['--detect-local-mode', 'BridgeInterface', '--pod-bridge-interface', podLink('c')],
    ],
    manifests: web,
    check: expectOnlyPodsKeepTheirAddress,
  },
  {
    name: "local traffic is told by the Node's podCIDR",
    flags: (net) => [...nodeFlags(net), '--detect-local-mode', 'NodeCIDR'],
    manifests: (net) => [...web(net), node(net, NODE_NAME, 'zone-1')],
    check: expectOnlyPodsKeepTheirAddress,
  },
];

async function expectOnlyPodsKeepTheirAddress({ net, lab, connect }: Parameters<Scenario['check']>[0]) {
  const by = serversOn(net, ['a', 'd']);
  expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
  expectAnswers(await connect(lab.client, net.clusterIP(1), 80), {
    by,
    seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
  });
}
