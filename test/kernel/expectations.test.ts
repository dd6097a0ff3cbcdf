import { expect, test } from 'vitest';
import { testTraffic } from '../../src/index.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { RuleLayout } from '../../src/model/proxy-config.ts';
import { type Addresses, addressesOf, type PodName } from '../support/kernel/addresses.ts';
import { type Backend, iptablesBackend, nftablesBackend } from '../support/kernel/backend.ts';
import { expectAll, expectAnswers } from '../support/kernel/expect-outcomes.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { startLab } from '../support/kernel/lab.ts';
import { endpoints, NODE_NAME, pod, service, slice, WEB_SLICE_PORT } from '../support/kernel/manifests.ts';
import {
  type Bench,
  benchOf,
  NO_ANSWER,
  REFUSAL,
  serversOn,
  usualFlags,
} from '../support/kernel/scenario.ts';

/** A case of each kind, and the packets that must do what it says. */
interface Sample {
  readonly name: string;
  /** As a file of expectations has it. */
  readonly text: string;
  /** The manifests after the change that it is about. */
  readonly after?: readonly JsonObject[];
  readonly packets: (bench: Bench) => Promise<void>;
}

const NET = addressesOf('IPv4');
const PORT = { name: 'http', port: 80, targetPort: 8080 };
const METRICS = { name: 'metrics', port: 9090, targetPort: 9090 };
const BY_NODE = [NET.nodeOnPodLinks, NET.nodeOnPeerLink];

/** A load balancer with this address. */
function balanced(number: number, spec: JsonObject): readonly [JsonObject, JsonObject] {
  const ingress = [{ ip: NET.loadBalancerIP(number) }];
  const ports = [{ ...PORT, nodePort: 30080 + number }];
  return [
    { type: 'LoadBalancer', clusterIP: NET.clusterIP(number), ports, ...spec },
    { status: { loadBalancer: { ingress } } },
  ];
}

function served(net: Addresses, name: string, ...by: readonly PodName[]): JsonObject {
  return slice(net, name, { ports: [{ ...WEB_SLICE_PORT, name: 'http' }], endpoints: endpoints(net, ...by) });
}

/** Endpoints of the Service `local`, before a change. */
const ON_BOTH = served(NET, 'local', 'a', 'd');
const LOCAL = { externalTrafficPolicy: 'Local' };
const MANIFESTS: readonly JsonObject[] = [
  ...(['a', 'c', 'd'] as const).map((name) => pod(NET, name, { labels: { name }, ports: [] })),
  service('web', { clusterIP: NET.clusterIP(1), ports: [PORT] }),
  served(NET, 'web', 'a', 'd'),
  service('none', { clusterIP: NET.clusterIP(2), ports: [PORT] }),
  served(NET, 'none'),
  service('local', ...balanced(3, { ...LOCAL, healthCheckNodePort: 32003 })),
  ON_BOTH,
  service('away', ...balanced(4, { ...LOCAL, healthCheckNodePort: 32004 })),
  served(NET, 'away', 'd'),
  service('friends', ...balanced(5, { loadBalancerSourceRanges: [NET.friendRange] })),
  served(NET, 'friends', 'a', 'd'),
  service('two', { clusterIP: NET.clusterIP(6), externalIPs: [NET.externalIP(6)], ports: [PORT, METRICS] }),
  served(NET, 'two', 'a'),
];

const SAMPLES: readonly Sample[] = [
  {
    name: 'reaches, evenly, source kept',
    text: 'from: pod default/pod-c, to: default/web, expect: { reaches: { count: 2, evenly: true }, source: kept }',
    packets: async ({ lab, connect }) => {
      const outcomes = await connect(lab.pods.c, NET.clusterIP(1), 80);
      expectAnswers(outcomes, { by: serversOn(NET, ['a', 'd']), seeing: [NET.pods.c] });
    },
  },
  {
    name: 'reaches, source rewritten',
    text: `from: ${NET.client}, at: ${NODE_NAME}, to: nodePort of default/friends, expect: { reaches: { count: 2 }, source: rewritten }`,
    packets: async ({ lab, connect }) => {
      const outcomes = await connect(lab.client, NET.node, 30085);
      expectAnswers(outcomes, { by: serversOn(NET, ['a', 'd']), seeing: BY_NODE });
    },
  },
  {
    name: 'reaches exactly some pods',
    text: `from: ${NET.client}, at: ${NODE_NAME}, to: loadBalancer of default/local, expect: { reaches: { pods: { name: a } }, source: kept }`,
    packets: async ({ lab, connect }) => {
      const outcomes = await connect(lab.client, NET.loadBalancerIP(3), 80, { from: [NET.client] });
      expectAnswers(outcomes, { by: serversOn(NET, ['a']), seeing: [NET.client] });
    },
  },
  {
    name: 'rejected: no-endpoints',
    text: 'from: pod default/pod-c, to: default/none, expect: { rejected: no-endpoints }',
    packets: ({ lab, connect }) => expectAll('refused', [connect(lab.pods.c, NET.clusterIP(2), 80, REFUSAL)]),
  },
  {
    name: 'dropped: no-local-endpoints',
    text: `from: ${NET.client}, at: ${NODE_NAME}, to: loadBalancer of default/away, expect: { dropped: no-local-endpoints }`,
    packets: ({ lab, connect }) =>
      expectAll('silent', [
        connect(lab.client, NET.loadBalancerIP(4), 80, { ...NO_ANSWER, from: [NET.client] }),
      ]),
  },
  {
    name: 'dropped: source-not-allowed',
    text: `from: ${NET.stranger}, at: ${NODE_NAME}, to: loadBalancer of default/friends, expect: { dropped: source-not-allowed }`,
    packets: ({ lab, connect }) =>
      expectAll('silent', [
        connect(lab.client, NET.loadBalancerIP(5), 80, { ...NO_ANSWER, from: [NET.stranger] }),
      ]),
  },
  {
    name: 'only',
    text: `from: ${NET.client}, at: ${NODE_NAME}, to: each port of default/two, expect: { only: [http] }`,
    packets: async ({ lab, connect }) => {
      expectAnswers(await connect(lab.client, NET.externalIP(6), 80), {
        by: serversOn(NET, ['a']),
        seeing: [NET.nodeOnPodLinks],
      });
      await expectAll('refused', [connect(lab.client, NET.externalIP(6), 9090, REFUSAL)]);
    },
  },
  {
    name: 'a change: the last endpoint of a node is gone',
    text: `change: [{ remove: pod default/pod-a }], from: ${NET.client}, at: ${NODE_NAME}, to: loadBalancer of default/local, expect: { dropped: no-local-endpoints }`,
    after: MANIFESTS.map((each) => (each === ON_BOTH ? served(NET, 'local', 'd') : each)),
    packets: ({ lab, connect }) =>
      expectAll('silent', [
        connect(lab.client, NET.loadBalancerIP(3), 80, { ...NO_ANSWER, from: [NET.client] }),
      ]),
  },
];

interface Setup {
  readonly backend: Backend;
  readonly mode: 'iptables' | 'nftables';
  readonly layout: RuleLayout;
}

const SETUPS: readonly Setup[] = [
  { backend: iptablesBackend('nft'), mode: 'iptables', layout: 'kube-proxy' },
  { backend: nftablesBackend('compact'), mode: 'nftables', layout: 'compact' },
];

function outcomesOf(mode: string): ReadonlyMap<string, readonly string[]> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: MANIFESTS });
  const cases = SAMPLES.map(({ name, text }) => `  - { name: ${JSON.stringify(name)}, ${text} }\n`).join('');
  const head = `settings: { modes: [${mode}], clusterCIDR: ${NET.clusterCIDR} }\ncases:\n`;
  const { report, diagnostics } = testTraffic(
    [{ path: 'input.json', text: input }],
    [{ path: 'a.traffic.yaml', text: head + cases }],
    { nodeName: NODE_NAME, nodeIPs: [NET.node] },
  );
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return new Map(
    report?.cases.map(({ name, failures }) => [name, failures.flatMap(({ differences }) => differences)]),
  );
}

describeKernel('packets do what cases say', () => {
  test.for(SETUPS.map((setup) => [setup.backend.name, setup] as const))(
    '%s',
    async ([, { backend, mode }]) => {
      const told = outcomesOf(mode);
      expect([...told]).toEqual(SAMPLES.map(({ name }) => [name, []]));
      const lab = await startLab();
      try {
        await backend.prepare(lab);
        const program = async (manifests: readonly JsonObject[]) => {
          await backend.apply(lab, { manifests, family: 'IPv4', flags: usualFlags(NET) });
          await lab.node.must(['conntrack', '--flush']);
        };
        await program(MANIFESTS);
        for (const { after, packets } of SAMPLES) {
          if (after !== undefined) await program(after);
          await packets(benchOf(lab, NET));
        }
      } finally {
        await lab.stop();
      }
    },
  );
});
