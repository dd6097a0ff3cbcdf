import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { bothFamilies, type PodName } from '../support/kernel/addresses.ts';
import type { Outcome } from '../support/kernel/agent-protocol.ts';
import { chooseIptables } from '../support/kernel/backend.ts';
import { runCleanup } from '../support/kernel/cleanup-host.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { readHost } from '../support/kernel/host-state.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { forward, type Lab, startLab } from '../support/kernel/lab.ts';
import { NODE_NAME, WEB_PORT } from '../support/kernel/manifests.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { benchOf, serversOn } from '../support/kernel/scenario.ts';
import { dualStack } from '../support/kernel/script-services.ts';

const ADDRESSES = bothFamilies.flatMap((net) => ['--node-ip', net.node]);

/** Where there is a kubelet, its KUBE-FIREWALL stays. */
const CANARY = ':KUBE-KUBELET-CANARY - [0:0]\n';

function webOn(pods: readonly PodName[], more: JsonObject = {}): readonly JsonObject[] {
  const spec = { type: 'NodePort', ports: [{ ...WEB_PORT, nodePort: 30080 }], ...more };
  return dualStack({ name: 'web', number: 1, pods, spec });
}

/** With one more endpoint in each family. */
function addEndpoint(objects: readonly JsonObject[], address: (ip: string) => string): readonly JsonObject[] {
  return objects.map((object) => {
    if (object.kind !== 'EndpointSlice' || !Array.isArray(object.endpoints)) return object;
    const dead = address(String(object.addressType));
    return { ...object, endpoints: [...object.endpoints, { addresses: [dead], nodeName: NODE_NAME }] };
  });
}

function serversIn(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((outcome) => (outcome.kind === 'answered' ? outcome.server : outcome.kind));
}

describeKernel('the script of userspace mode', () => {
  let lab: Lab;
  let untouched: Awaited<ReturnType<typeof readHost>>;

  async function run(objects: readonly JsonObject[], change = (script: string) => script): Promise<string> {
    const flags = ['--mode', 'userspace', '--node', NODE_NAME, ...ADDRESSES];
    const script = change(await renderRules(objects, flags));
    const { exitCode, stderr } = await lab.node.run(['sh', '-s'], script);
    return exitCode === 0 ? '' : `exit code ${exitCode}: ${stderr}`;
  }

  const processes = () =>
    lab.node.must([
      'sh',
      '-c',
      'cat /run/svcgen/nginx.pid; cat /proc/$(cat /run/svcgen/nginx.pid)/task/*/children',
    ]);

  beforeAll(async () => {
    lab = await startLab();
    await chooseIptables(lab.node, 'nft');
    await forward(lab.node, false);
    await lab.node.must(['iptables-restore'], foreignRules('IPv4').replace(CANARY, ''));
    await lab.node.must(['ip6tables-restore'], foreignRules('IPv6').replace(CANARY, ''));
    untouched = await readHost(lab.node);
  });
  afterAll(async () => {
    await lab?.node.run(['sh', '-c', 'kill $(cat /run/svcgen/nginx.pid)']);
    await lab?.stop();
  });

  test('a second run changes nothing', async () => {
    expect(await run(webOn(['a', 'd']))).toBe('');
    const before = [await readHost(lab.node), await processes()];
    expect(await run(webOn(['a', 'd']))).toBe('');
    expect([await readHost(lab.node), await processes()]).toEqual(before);
  });

  describe.each(bothFamilies.map((net) => [net.family, net] as const))('%s', (family, net) => {
    test('a NodePort works although INPUT drops by default, and the port of the proxy itself does not', async () => {
      expect(await run(webOn(['a', 'd']))).toBe('');
      const { connect } = benchOf(lab, net);
      const outcomes = await connect(lab.client, net.node, 30080, { count: 20 });
      expect(new Set(serversIn(outcomes))).toEqual(new Set(serversOn(net, ['a', 'd'])));
      const rules = await lab.node.must(['iptables', '-t', 'nat', '-S', 'KUBE-NODEPORT-CONTAINER']);
      const port = Number(/--to-ports (\d+)/.exec(rules)?.[1]);
      const direct = await connect(lab.client, net.node, port, { count: 2, patience: 700 });
      expect(new Set(serversIn(direct))).toEqual(new Set(['silent']));
    });

    test('endpoints take turns exactly', async () => {
      const outcomes = await benchOf(lab, net).connect(lab.client, net.clusterIP(1), 80, { count: 60 });
      const [one, other] = serversOn(net, ['a', 'd']);
      const servers = serversIn(outcomes);
      expect(servers.filter((server) => server === one)).toHaveLength(30);
      expect(servers.filter((server) => server === other)).toHaveLength(30);
    });

    test.each([
      [
        'refuses',
        (kind: string) => (kind === 'IPv4' ? bothFamilies[0] : bothFamilies[1])?.nodeOnPodLinks ?? '',
      ],
      ['answers nothing', (kind: string) => (kind === 'IPv4' ? '10.244.1.77' : 'fd00:244:1::77')],
    ])('an endpoint that %s is passed over, and its client gets an answer', async (_, dead) => {
      expect(await run(addEndpoint(webOn(['a']), dead))).toBe('');
      const bench = benchOf(lab, net);
      const outcomes = await bench.connect(lab.client, net.clusterIP(1), 80, { count: 6, patience: 8000 });
      expect(new Set(serversIn(outcomes))).toEqual(new Set(serversOn(net, ['a'])));
    });

    test('a client with session affinity stays where it is', async () => {
      expect(await run(webOn(['a', 'b', 'd'], { sessionAffinity: 'ClientIP' }))).toBe('');
      const outcomes = await benchOf(lab, net).connect(lab.client, net.clusterIP(1), 80, { count: 20 });
      expect(new Set(serversIn(outcomes)).size).toBe(1);
      expect(outcomes.every(({ kind }) => kind === 'answered')).toBe(true);
    });

    test('a connection that is open survives a reload', async () => {
      expect(await run(webOn(['a']))).toBe('');
      const held = {
        to: net.node,
        port: 30080,
        protocol: 'tcp',
        from: [],
        count: 1,
        patience: 5000,
      } as const;
      expect(await lab.client.hold(family, held)).toMatchObject({ kind: 'answered' });
      expect(await run(webOn(['a', 'b']))).toBe('');
      expect(await lab.client.isHeldAlive(family, 5000)).toBe(true);
    });
  });

  test('nothing changes when nginx does not take the configuration', async () => {
    const before = [await readHost(lab.node), await processes()];
    const refused = await run(webOn(['d']), (script) =>
      script.replace('proxy_timeout 5d', 'proxy_timeout soon'),
    );
    expect(refused).toContain('svcgen: nginx does not take its configuration');
    expect([await readHost(lab.node), await processes()]).toEqual(before);
  });

  test('a run that is killed in the middle is made up for by the next one', async () => {
    const killed = await run(webOn(['d']), (script) =>
      script.replace(/^ {8}reload_nginx$/m, '        kill -9 $$'),
    );
    expect(killed).toContain('exit code');
    expect(await run(webOn(['d']))).toBe('');
    for (const net of bothFamilies) {
      const outcomes = await benchOf(lab, net).connect(lab.client, net.node, 30080, { count: 6 });
      expect(new Set(serversIn(outcomes))).toEqual(new Set(serversOn(net, ['d'])));
    }
  });

  test('cleanup leaves nothing', async () => {
    expect((await runCleanup(lab.node)).exitCode).toBe(0);
    expect(await readHost(lab.node)).toEqual(untouched);
    expect(await lab.node.must(['sh', '-c', 'ls /run | grep -x svcgen || :'])).toBe('');
  });
});
