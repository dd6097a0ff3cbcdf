import type { JsonObject } from '../../../src/model/json.ts';
import { type Addresses, LOCAL_PODS, type PodName } from '../../support/kernel/addresses.ts';
import { expectAll, expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { endpoints, service, slice, WEB_PORT, WEB_SLICE_PORT } from '../../support/kernel/manifests.ts';
import { type Bench, REFUSAL, type Scenario, serversOn } from '../../support/kernel/scenario.ts';

/** Whose pod serves a Service or port of so high a number. */
const PODS: readonly PodName[] = ['a', 'd', 'b', 'e', 'f'];

const COUNT = 40;
const NUMBERS = Array.from({ length: COUNT }, (_, index) => index);
/** Those that are tried: at both ends, and where trees may have their branches. */
const TRIED = [0, 1, 5, 15, 16, 31, 39];

/** Several connections see a second endpoint, if there was one. */
const FEW = { count: 6 };

function podOf(number: number): PodName {
  return PODS[number % PODS.length] ?? 'a';
}

function manyServices(net: Addresses): readonly JsonObject[] {
  return NUMBERS.flatMap((number) => [
    service(`many-${number}`, {
      type: 'NodePort',
      clusterIP: net.clusterIP(number + 1),
      ports: [{ ...WEB_PORT, nodePort: 30_100 + number }],
    }),
    slice(net, `many-${number}`, { ports: [WEB_SLICE_PORT], endpoints: endpoints(net, podOf(number)) }),
  ]);
}

/** Odd numbers go to another port of the pod. */
function targetOf(number: number): number {
  return number % 2 === 0 ? 8080 : 9090;
}

/** One address with many ports. */
function manyPorts(net: Addresses): readonly JsonObject[] {
  const ports = NUMBERS.map((number) => ({ name: `port-${number}`, port: 8000 + number }));
  return [
    service('ports', { clusterIP: net.clusterIP(70), ports }),
    slice(net, 'ports', {
      ports: ports.map(({ name }, number) => ({ name, port: targetOf(number) })),
      endpoints: endpoints(net, 'a'),
    }),
  ];
}

function nobodyThere(net: Addresses): JsonObject {
  const ports = NUMBERS.map((number) => ({
    name: `port-${number}`,
    port: 8000 + number,
    nodePort: 31_000 + number,
  }));
  return service('nobody', {
    type: 'NodePort',
    clusterIP: net.clusterIP(80),
    externalIPs: [net.externalIP(80)],
    ports,
  });
}

/** More than fit in one look. */
export const manyScenarios: readonly Scenario[] = [
  {
    name: 'among many Services, ports and NodePorts each leads to its own endpoints, or is refused',
    manifests: (net) => [...manyServices(net), ...manyPorts(net), nobodyThere(net)],
    check: async ({ net, lab, connect }) => {
      await Promise.all(TRIED.map((number) => expectOwnEndpoints(number, { net, lab, connect })));
      const { c } = lab.pods;
      await expectAll('refused', [
        connect(c, net.clusterIP(80), 8000, REFUSAL),
        connect(c, net.clusterIP(80), 8039, REFUSAL),
        connect(lab.client, net.externalIP(80), 8020, REFUSAL),
        connect(lab.client, net.node, 31_016, REFUSAL),
      ]);
    },
  },
  {
    name: "a port that no Service has is nobody's, among many ports",
    manifests: (net) => [...manyPorts(net)],
    check: ({ net, lab, connect }) =>
      expectAll('unreachable', [connect(lab.pods.c, net.clusterIP(70), 8040, REFUSAL)]),
  },
];

async function expectOwnEndpoints(number: number, { net, lab, connect }: Bench): Promise<void> {
  const { c } = lab.pods;
  const pod = podOf(number);
  const by = serversOn(net, [pod]);
  expectAnswers(await connect(c, net.clusterIP(number + 1), 80, FEW), { by, seeing: [net.pods.c] });
  const seeing = [isLocal(pod) ? net.nodeOnPodLinks : net.nodeOnPeerLink];
  expectAnswers(await connect(lab.client, net.node, 30_100 + number, FEW), { by, seeing });
  const outcomes = await connect(c, net.clusterIP(70), 8000 + number, FEW);
  expectAnswers(outcomes, { by: serversOn(net, ['a'], targetOf(number)), seeing: [net.pods.c] });
}

function isLocal(pod: PodName): boolean {
  return LOCAL_PODS.some((local) => local === pod);
}
