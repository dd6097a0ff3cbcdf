import { expect } from 'vitest';
import { testTraffic } from '../../../src/index.ts';
import { joinHostPort } from '../../../src/model/ip.ts';
import { isJsonObject, type JsonObject } from '../../../src/model/json.ts';
import { type Addresses, LOCAL_PODS, type PodName, REMOTE_PODS } from './addresses.ts';
import type { Backend } from './backend.ts';
import { expectAll, expectAnswers } from './expect-outcomes.ts';
import type { Lab } from './lab.ts';
import {
  endpoint,
  endpoints,
  NODE_NAME,
  PEER_NAME,
  pod,
  service,
  slice,
  WEB_SLICE_PORT,
} from './manifests.ts';
import { type Bench, benchOf, NO_ANSWER, REFUSAL, serversOn, usualFlags } from './scenario.ts';

type Mode = 'iptables' | 'ipvs' | 'nftables';

/** A case of each kind, and the packets that must do what it says. */
interface Sample {
  readonly name: string;
  /** As a file of expectations has it. */
  readonly text: string;
  /** Left out: every mode. */
  readonly isFor?: readonly Mode[];
  /** The manifests after the change that it is about. */
  readonly after?: readonly JsonObject[];
  readonly packets: (bench: Bench) => Promise<void>;
}

const PORT = { name: 'http', port: 80, targetPort: 8080 };
const METRICS = { name: 'metrics', port: 9090, targetPort: 9090 };

/** A load balancer with this address. */
function balanced(net: Addresses, number: number, spec: JsonObject): readonly [JsonObject, JsonObject] {
  const ingress = [{ ip: net.loadBalancerIP(number) }];
  const ports = [{ ...PORT, nodePort: 30080 + number }];
  return [
    { type: 'LoadBalancer', clusterIP: net.clusterIP(number), ports, ...spec },
    { status: { loadBalancer: { ingress } } },
  ];
}

/** Pods that are ready, and in maps those that are not, with their conditions. */
function served(
  net: Addresses,
  name: string,
  ...by: readonly (PodName | Readonly<Partial<Record<PodName, JsonObject>>>)[]
): JsonObject {
  const listed = by.flatMap((each) =>
    typeof each === 'string'
      ? endpoints(net, each)
      : LAB_PODS.flatMap((podName) => {
          const conditions = each[podName];
          return conditions === undefined ? [] : [endpoint(net, podName, { conditions })];
        }),
  );
  return slice(net, name, { ports: [{ ...WEB_SLICE_PORT, name: 'http' }], endpoints: listed });
}

const LAB_PODS = [...LOCAL_PODS, ...REMOTE_PODS];

/** A pod that is being deleted, and serves on. */
const LEAVING = { ready: false, serving: true, terminating: true };

const LOCAL = { externalTrafficPolicy: 'Local' };

function manifestsOf(net: Addresses): readonly JsonObject[] {
  return [
    ...(['a', 'c', 'd'] as const).map((name) => pod(net, name, { labels: { name }, ports: [] })),
    service('web', { clusterIP: net.clusterIP(1), ports: [PORT] }),
    served(net, 'web', 'a', 'd'),
    service('none', { clusterIP: net.clusterIP(2), ports: [PORT] }),
    served(net, 'none'),
    service('local', ...balanced(net, 3, { ...LOCAL, healthCheckNodePort: 32003 })),
    served(net, 'local', 'a', 'd'),
    service('away', ...balanced(net, 4, { ...LOCAL, healthCheckNodePort: 32004 })),
    served(net, 'away', 'd'),
    service('friends', ...balanced(net, 5, { loadBalancerSourceRanges: [net.friendRange] })),
    served(net, 'friends', 'a', 'd'),
    service('two', { clusterIP: net.clusterIP(6), externalIPs: [net.externalIP(6)], ports: [PORT, METRICS] }),
    served(net, 'two', 'a'),
  ];
}

/** Modes that drop what a Local policy keeps from endpoints elsewhere; ipvs mode cannot. */
const REFUSING: readonly Mode[] = ['iptables', 'nftables'];

function samplesOf(net: Addresses, manifests: readonly JsonObject[]): readonly Sample[] {
  const changed = (parts: Readonly<Record<string, JsonObject>>) =>
    manifests.map((each) => Object.values(parts).find((part) => keyOf(part) === keyOf(each)) ?? each);
  return [
    {
      name: 'reaches, evenly, source kept',
      text: 'from: pod default/pod-c, to: default/web, expect: { reaches: { count: 2, evenly: true }, source: kept }',
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['a', 'd']), seeing: [net.pods.c] });
      },
    },
    {
      name: 'reaches, source rewritten',
      text: `from: "${net.client}", at: ${NODE_NAME}, to: nodePort of default/friends, expect: { reaches: { count: 2 }, source: rewritten }`,
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.client, net.node, 30085);
        expectAnswers(outcomes, {
          by: serversOn(net, ['a', 'd']),
          seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
        });
      },
    },
    {
      name: 'reaches exactly some pods',
      text: `from: "${net.client}", at: ${NODE_NAME}, to: loadBalancer of default/local, expect: { reaches: { pods: { name: a } }, source: kept }`,
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.client, net.loadBalancerIP(3), 80, { from: [net.client] });
        expectAnswers(outcomes, { by: serversOn(net, ['a']), seeing: [net.client] });
      },
    },
    {
      name: 'from a process of the node, to single endpoints',
      text: `from: node, at: ${NODE_NAME}, to: clusterIP of default/web, expect: { reaches: { endpoints: [pod-a, pod-d] } }`,
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.node, net.clusterIP(1), 80);
        expectAnswers(outcomes, {
          by: serversOn(net, ['a', 'd']),
          seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
        });
      },
    },
    {
      name: 'from pods of a selector, to an external IP',
      text: 'from: { pods: { name: c } }, to: externalIP of default/two:http, expect: { reaches: { count: 1 }, source: rewritten }',
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.externalIP(6), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['a']), seeing: [net.nodeOnPodLinks] });
      },
    },
    {
      name: 'to each address of a Service',
      text: `from: "${net.client}", at: ${NODE_NAME}, to: each address of default/friends, expect: { reaches: { count: 2 }, source: rewritten }`,
      packets: async ({ lab, connect }) => {
        const places = [
          [net.clusterIP(5), 80],
          [net.loadBalancerIP(5), 80],
          [net.node, 30085],
        ] as const;
        for (const [ip, port] of places)
          expectAnswers(await connect(lab.client, ip, port, { from: [net.client] }), {
            by: serversOn(net, ['a', 'd']),
            seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
          });
      },
    },
    {
      name: 'unreachable: an address and port that no Service has',
      text: `from: pod default/pod-c, to: "${joinHostPort(net.clusterIP(1), 81)}", expect: unreachable`,
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 81, NO_ANSWER);
        expect(outcomes.filter(({ kind }) => kind === 'answered')).toEqual([]);
      },
    },
    {
      name: 'rejected: no-endpoints',
      text: 'from: pod default/pod-c, to: default/none, expect: { rejected: no-endpoints }',
      packets: ({ lab, connect }) =>
        expectAll('refused', [connect(lab.pods.c, net.clusterIP(2), 80, REFUSAL)]),
    },
    {
      name: 'dropped: no-local-endpoints',
      isFor: REFUSING,
      text: `from: "${net.client}", at: ${NODE_NAME}, to: loadBalancer of default/away, expect: { dropped: no-local-endpoints }`,
      packets: ({ lab, connect }) =>
        expectAll('silent', [
          connect(lab.client, net.loadBalancerIP(4), 80, { ...NO_ANSWER, from: [net.client] }),
        ]),
    },
    {
      name: 'dropped: source-not-allowed',
      text: `from: "${net.stranger}", at: ${NODE_NAME}, to: loadBalancer of default/friends, expect: { dropped: source-not-allowed }`,
      packets: ({ lab, connect }) =>
        expectAll('silent', [
          connect(lab.client, net.loadBalancerIP(5), 80, { ...NO_ANSWER, from: [net.stranger] }),
        ]),
    },
    {
      name: 'only',
      text: `from: "${net.client}", at: ${NODE_NAME}, to: each port of default/two, expect: { only: [http] }`,
      packets: async ({ lab, connect }) => {
        expectAnswers(await connect(lab.client, net.externalIP(6), 80), {
          by: serversOn(net, ['a']),
          seeing: [net.nodeOnPodLinks],
        });
        await expectAll('refused', [connect(lab.client, net.externalIP(6), 9090, REFUSAL)]);
      },
    },
    {
      name: 'remove: the last endpoint of a node',
      isFor: REFUSING,
      text: `change: [{ remove: pod default/pod-a }], from: "${net.client}", at: ${NODE_NAME}, to: loadBalancer of default/local, expect: { dropped: no-local-endpoints }`,
      after: changed({ local: served(net, 'local', 'd') }),
      packets: ({ lab, connect }) =>
        expectAll('silent', [
          connect(lab.client, net.loadBalancerIP(3), 80, { ...NO_ANSWER, from: [net.client] }),
        ]),
    },
    {
      name: 'remove: a node, with all on it',
      text: `change: [{ remove: node ${PEER_NAME} }], from: pod default/pod-c, to: default/web, expect: { reaches: { pods: { name: a } } }`,
      after: changed({ web: served(net, 'web', 'a') }),
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['a']), seeing: [net.pods.c] });
      },
    },
    {
      name: 'notReady: a pod',
      text: 'change: [{ notReady: pod default/pod-a }], from: pod default/pod-c, to: default/web, expect: { reaches: { pods: { name: d } } }',
      after: changed({ web: served(net, 'web', 'd', { a: { ready: false, serving: false } }) }),
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['d']), seeing: [net.pods.c] });
      },
    },
    {
      name: 'terminating: one pod of two',
      text: 'change: [{ terminating: pod default/pod-d }], from: pod default/pod-c, to: default/web, expect: { reaches: { pods: { name: a } } }',
      after: changed({ web: served(net, 'web', 'a', { d: LEAVING }) }),
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['a']), seeing: [net.pods.c] });
      },
    },
    {
      name: 'terminating: all pods, which go on serving',
      text: 'change: [{ terminating: { pods: {} } }], from: pod default/pod-c, to: default/web, expect: { reaches: { count: 2 } }',
      after: changed({ web: served(net, 'web', { a: LEAVING, d: LEAVING }) }),
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.pods.c, net.clusterIP(1), 80);
        expectAnswers(outcomes, { by: serversOn(net, ['a', 'd']), seeing: [net.pods.c] });
      },
    },
    {
      name: 'patch: the policy of a Service',
      text: `change: [{ patch: { kind: Service, metadata: { name: local }, spec: { externalTrafficPolicy: Cluster, healthCheckNodePort: null } } }], from: "${net.client}", at: ${NODE_NAME}, to: loadBalancer of default/local, expect: { reaches: { count: 2 }, source: rewritten }`,
      after: changed({ local: service('local', ...balanced(net, 3, {})) }),
      packets: async ({ lab, connect }) => {
        const outcomes = await connect(lab.client, net.loadBalancerIP(3), 80, { from: [net.client] });
        expectAnswers(outcomes, {
          by: serversOn(net, ['a', 'd']),
          seeing: [net.nodeOnPodLinks, net.nodeOnPeerLink],
        });
      },
    },
  ];
}

function keyOf({ kind, metadata }: JsonObject): string {
  return JSON.stringify([kind, isJsonObject(metadata) ? metadata.name : undefined]);
}

/** The cases, as files of expectations have them. */
export function sampleTexts(net: Addresses): readonly string[] {
  return samplesOf(net, manifestsOf(net)).map(({ text }) => text);
}

/** What is to be tried. */
interface Setup {
  readonly backend: Backend;
  readonly mode: Mode;
  readonly net: Addresses;
}

/** Expects that `svcgen test` passes a case of each kind, and that packets do what the cases say. */
export async function expectSamples({ backend, mode, net }: Setup, lab: Lab): Promise<void> {
  const { samples, manifests } = expectPasses({ mode, net });
  const program = async (wanted: readonly JsonObject[]) => {
    await backend.apply(lab, { manifests: wanted, family: net.family, flags: usualFlags(net) });
    await lab.node.must(['conntrack', '--flush']);
  };
  await program(manifests);
  for (const { after, packets } of samples) {
    if (after !== undefined) await program(after);
    await packets(benchOf(lab, net));
  }
}

/** Expects that `svcgen test` passes a case of each kind. */
export function expectPasses({ mode, net }: Omit<Setup, 'backend'>) {
  const manifests = manifestsOf(net);
  const samples = samplesOf(net, manifests).filter(({ isFor }) => isFor?.includes(mode) !== false);
  expect(outcomesOf(samples, manifests, { mode, net })).toEqual(samples.map(({ name }) => [name, []]));
  return { samples, manifests };
}

/** What differs, by case. */
function outcomesOf(
  samples: readonly Sample[],
  manifests: readonly JsonObject[],
  { mode, net }: Omit<Setup, 'backend'>,
) {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
  const cases = samples.map(({ name, text }) => `  - { name: ${JSON.stringify(name)}, ${text} }\n`).join('');
  const head = `settings: { modes: [${mode}], clusterCIDR: "${net.clusterCIDR}" }\ncases:\n`;
  const { report, diagnostics } = testTraffic(
    [{ path: 'input.json', text: input }],
    [{ path: 'a.traffic.yaml', text: head + cases }],
    { nodeName: NODE_NAME, nodeIPs: [net.node] },
  );
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return report?.cases.map(({ name, failures }) => [
    name,
    failures.flatMap(({ differences }) => differences),
  ]);
}
