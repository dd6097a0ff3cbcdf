import type { JsonObject } from '../../../src/model/json.ts';
import type { Addresses } from '../../support/kernel/addresses.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { endpoints, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import { NO_ANSWER, REFUSAL, type Scenario, serversOn } from '../../support/kernel/scenario.ts';

/** What kube-proxy's nftables mode does, and its other modes don't, in every version. */
const kubeProxyNftablesScenarios: readonly Scenario[] = [
  {
    name: 'a port that a ClusterIP does not serve is refused, the others answer',
    manifests: (net) => [
      service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
      slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'd') }),
    ],
    check: async ({ net, lab, connect }) => {
      const by = serversOn(net, ['a', 'd']);
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
      const masqueraded = { by, seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink] };
      expectAnswers(await connect(lab.node, net.clusterIP(1), 80), masqueraded);
      expectAnswers(await connect(lab.client, net.clusterIP(1), 80), masqueraded);
      await expectAll('refused', [
        ...[lab.pods.c, lab.client, lab.node].map((from) => connect(from, net.clusterIP(1), 81, REFUSAL)),
      ]);
    },
  },
];

/** A Service whose endpoint is on another node, at an external address that only local endpoints may answer. */
function remoteWeb(net: Addresses): readonly JsonObject[] {
  return [
    service('web', {
      clusterIP: net.clusterIP(1),
      externalIPs: [net.externalIP(1)],
      externalTrafficPolicy: 'Local',
      ports: [WEB_PORT],
    }),
    slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'd') }),
  ];
}

/** Up to 1.33.5. */
export const earlyNftablesScenarios: readonly Scenario[] = [
  ...kubeProxyNftablesScenarios,
  {
    name: 'processes of the node are dropped where a Local policy leaves no endpoint',
    manifests: remoteWeb,
    check: async ({ net, lab, connect }) => {
      await expectAll('silent', [
        connect(lab.client, net.externalIP(1), 80, NO_ANSWER),
        connect(lab.node, net.externalIP(1), 80, NO_ANSWER),
      ]);
      const by = serversOn(net, ['d']);
      expectAnswers(await connect(lab.pods.c, net.externalIP(1), 80), { by, seeing: [net.pods.c] });
    },
  },
];

/** Since 1.33.6 (kubernetes#132456). */
export const lateNftablesScenarios: readonly Scenario[] = [
  ...kubeProxyNftablesScenarios,
  {
    name: 'processes of the node reach other nodes where a Local policy leaves no endpoint',
    manifests: remoteWeb,
    check: async ({ net, lab, connect }) => {
      await expectAll('silent', [connect(lab.client, net.externalIP(1), 80, NO_ANSWER)]);
      const by = serversOn(net, ['d']);
      const seeing = [net.nodeOnPeerLink];
      expectAnswers(await connect(lab.node, net.externalIP(1), 80), { by, seeing });
      expectAnswers(await connect(lab.pods.c, net.externalIP(1), 80), { by, seeing: [net.pods.c] });
    },
  },
];
