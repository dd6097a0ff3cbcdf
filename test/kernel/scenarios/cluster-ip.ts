import { expect } from 'vitest';
import { probabilityOfSpread } from '../../support/kernel/chi-squared.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { endpoints, pod, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import { type Bench, REFUSAL, type Scenario, serversOn } from '../../support/kernel/scenario.ts';

/** Chance makes a spread look uneven once in this many tries. A run of all tests has twenty: it fails once in 10^6. */
const TRIES_TO_FALSE_ALARM = 2e7;

export const clusterIPScenarios: readonly Scenario[] = [
  {
    name: 'a ClusterIP answers pods, with their address kept, and masquerades everybody else',
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
    },
  },
  {
    name: "a port that a ClusterIP does not serve is nobody's",
    manifests: (net) => [
      service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
      slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a') }),
    ],
    check: ({ net, lab, connect }) =>
      expectAll('unreachable', [connect(lab.pods.c, net.clusterIP(1), 81, REFUSAL)]),
  },
  {
    name: 'connections spread evenly over endpoints, TCP and UDP',
    manifests: (net) => [
      service('web', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
      slice(net, 'web', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'b', 'd', 'e', 'f') }),
      service('dns', {
        clusterIP: net.clusterIP(2),
        ports: [{ port: 53, targetPort: 9090, protocol: 'UDP' }],
      }),
      slice(net, 'dns', {
        ports: [{ name: '', port: 9090, protocol: 'UDP' }],
        endpoints: endpoints(net, 'a', 'd', 'f'),
      }),
    ],
    check: async (at) => {
      await expectEvenSpread(at, { to: at.net.clusterIP(1), port: 80, protocol: 'tcp', endpoints: 5 });
      await expectEvenSpread(at, { to: at.net.clusterIP(2), port: 53, protocol: 'udp', endpoints: 3 });
    },
  },
  {
    name: 'a pod reaches itself through its Service (hairpin)',
    manifests: (net) => [
      service('self', { clusterIP: net.clusterIP(1), ports: [WEB_PORT] }),
      slice(net, 'self', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a') }),
      service('both', { clusterIP: net.clusterIP(2), ports: [WEB_PORT] }),
      slice(net, 'both', { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, 'a', 'b') }),
    ],
    check: async ({ net, lab, connect }) => {
      const { a, b } = lab.pods;
      expectAnswers(await connect(a, net.clusterIP(1), 80), {
        by: serversOn(net, ['a']),
        seeing: [net.nodeOnPodLinks],
      });
      const outcomes = await connect(b, net.clusterIP(2), 80);
      expectAnswers(outcomes, { by: serversOn(net, ['a', 'b']), seeing: [net.pods.b, net.nodeOnPodLinks] });
      const [other] = serversOn(net, ['a']);
      const seenByOther = outcomes.filter((it) => it.kind === 'answered' && it.server === other);
      expectAnswers(seenByOther, { by: serversOn(net, ['a']), seeing: [net.pods.b] });
    },
  },
  {
    name: 'TCP and UDP on one port number are two services',
    manifests: (net) => [
      service('dns', {
        clusterIP: net.clusterIP(10),
        ports: [
          { name: 'dns', port: 53, targetPort: 9090, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, targetPort: 8080, protocol: 'TCP' },
        ],
      }),
      slice(net, 'dns', {
        ports: [
          { name: 'dns', port: 9090, protocol: 'UDP' },
          { name: 'dns-tcp', port: 8080, protocol: 'TCP' },
        ],
        endpoints: endpoints(net, 'a', 'd'),
      }),
    ],
    check: async ({ net, lab, connect }) => {
      const { c } = lab.pods;
      expectAnswers(await connect(c, net.clusterIP(10), 53), {
        by: serversOn(net, ['a', 'd'], 8080),
        seeing: [net.pods.c],
      });
      expectAnswers(await connect(c, net.clusterIP(10), 53, { protocol: 'udp' }), {
        by: serversOn(net, ['a', 'd'], 9090),
        seeing: [net.pods.c],
      });
      expectAnswers(await connect(lab.node, net.clusterIP(10), 53, { protocol: 'udp' }), {
        by: serversOn(net, ['a', 'd'], 9090),
        seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
      });
    },
  },
  {
    name: 'a named target port is resolved pod by pod',
    manifests: (net) => [
      service('web', {
        ...singleFamily(net.family),
        clusterIP: net.clusterIP(1),
        selector: { app: 'web' },
        ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }],
      }),
      pod(net, 'a', { labels: { app: 'web' }, ports: [{ name: 'http', containerPort: 8080 }] }),
      pod(net, 'd', { labels: { app: 'web' }, ports: [{ name: 'http', containerPort: 9090 }] }),
      pod(net, 'b', { labels: { app: 'other' }, ports: [{ name: 'http', containerPort: 8080 }] }),
    ],
    check: async ({ net, lab, connect }) => {
      const by = [...serversOn(net, ['a'], 8080), ...serversOn(net, ['d'], 9090)];
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 80), { by, seeing: [net.pods.c] });
    },
  },
  {
    name: 'a Service without selector serves the addresses of its Endpoints, the node itself among them',
    manifests: (net) => [
      service('apiserver', {
        clusterIP: net.clusterIP(1),
        ports: [{ name: 'https', port: 443, targetPort: 6443 }],
      }),
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name: 'apiserver', namespace: 'default' },
        subsets: [{ addresses: [{ ip: net.node }], ports: [{ name: 'https', port: 6443 }] }],
      },
    ],
    check: async ({ net, lab, connect }) => {
      const by = [net.family === 'IPv4' ? `${net.node}:6443` : `[${net.node}]:6443`];
      expectAnswers(await connect(lab.pods.c, net.clusterIP(1), 443), { by, seeing: [net.pods.c] });
      const outcomes = await connect(lab.node, net.clusterIP(1), 443);
      expect(outcomes.every(({ kind }) => kind === 'answered')).toBe(true);
    },
  },
];

function singleFamily(family: string) {
  return { ipFamilies: [family], ipFamilyPolicy: 'SingleStack' };
}

interface SpreadTarget {
  readonly to: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  readonly endpoints: number;
}

async function expectEvenSpread({ lab, connect }: Bench, target: SpreadTarget): Promise<void> {
  const { to, port, protocol } = target;
  const outcomes = await connect(lab.pods.c, to, port, { protocol, count: 300 * target.endpoints });
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const key = outcome.kind === 'answered' ? outcome.server : outcome.kind;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect([...counts.keys()]).toHaveLength(target.endpoints);
  const evidence = JSON.stringify([...counts]);
  expect(probabilityOfSpread([...counts.values()]), evidence).toBeGreaterThan(1 / TRIES_TO_FALSE_ALARM);
}
