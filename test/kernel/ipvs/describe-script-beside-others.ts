import { beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { bothFamilies } from '../../support/kernel/addresses.ts';
import type { ConnectOptions } from '../../support/kernel/agent-protocol.ts';
import { expectAnswers } from '../../support/kernel/expect-outcomes.ts';
import { foreignRules } from '../../support/kernel/foreign-rules.ts';
import type { Lab } from '../../support/kernel/lab.ts';
import { WEB_PORT } from '../../support/kernel/manifests.ts';
import type { Namespace } from '../../support/kernel/namespace.ts';
import { renderRules } from '../../support/kernel/render-rules.ts';
import { benchOf, serversOn } from '../../support/kernel/scenario.ts';
import { dualStack, scriptFlags, shopService, webService } from '../../support/kernel/script-services.ts';
import { emptyIPVSHost, runIPVSScript } from '../../support/uml/ipvs-host.ts';
import { type IPVSState, readState, rulesOfOthers, withoutOthers } from '../../support/uml/ipvs-state.ts';
import type { SharedUML } from '../../support/uml/uml-place.ts';
import { describeUML } from '../../support/uml/uml-support.ts';

const everything = [...webService, ...shopService];
const nothing: JsonObject[] = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } }];

/** The same NodePort, with e in place of d. */
const changedWebService = dualStack({
  name: 'web',
  number: 1,
  pods: ['a', 'e'],
  spec: { type: 'NodePort', ports: [{ ...WEB_PORT, nodePort: 30080 }] },
});

const SERVERS_OF_OTHERS = [
  '-A -t 192.0.2.1:80 -s lc',
  '-A -t 192.168.7.11:9999 -s rr -p 60',
  '-A -u [2001:db8:ffff::1]:53 -s rr',
  '-a -t 192.0.2.1:80 -r 192.0.2.7:80 -g -w 3',
];

const SETS_OF_OTHERS = [
  'create OTHERS hash:ip family inet',
  'add OTHERS 192.0.2.9',
  'create KUBE-OTHERS hash:ip',
];

const DAMAGE_TO_SERVERS = `-D -t 10.96.0.1:80
-d -t [fd00:96::1]:80 -r [fd00:244:1::10]:8080
-a -t [fd00:96::1]:80 -r [fd00:244:2::12]:8080 -m
-e -t 192.168.7.11:30080 -r 10.244.1.10:8080 -m -w 0
-E -t 10.96.0.2:80 -s lc
-A -t 10.96.0.1:81 -s rr
`;

const DAMAGE_TO_SETS = `flush KUBE-CLUSTER-IP
del KUBE-6-NODE-PORT-TCP 30080
add KUBE-LOOP-BACK 10.244.1.99,tcp:1,10.244.1.99
`;

const DAMAGE_TO_ADDRESSES = `addr del 10.96.0.1/32 dev kube-ipvs0
addr add 10.96.0.99/32 dev kube-ipvs0
`;

const INPUT_DROPS = ':INPUT DROP';
const INPUT_ACCEPTS = ':INPUT ACCEPT';

const ACCESS_JUMP = ['kubernetes ipvs access filter', '-j', 'KUBE-IPVS-FILTER'];

/** Tests what the script of ipvs mode does to a node that has things of others. Each test builds on those above. */
export function describeScriptBesideOthers({ start, place }: SharedUML): void {
  describeUML('the ipvs script beside things of others', () => {
    let lab: Lab;
    let untouched: IPVSState;
    let applied: IPVSState;

    beforeAll(async () => {
      lab = await place.startLab();
      // kube-proxy's rules of ipvs mode accept nothing in INPUT, so a policy of DROP there would drop everything.
      await lab.node.must(['iptables-restore'], foreignRules('IPv4').replace(INPUT_DROPS, INPUT_ACCEPTS));
      await lab.node.must(['ip6tables-restore'], foreignRules('IPv6').replace(INPUT_DROPS, INPUT_ACCEPTS));
      await lab.node.must(['ipvsadm', '--restore'], `${SERVERS_OF_OTHERS.join('\n')}\n`);
      await lab.node.must(['ipset', 'restore'], `${SETS_OF_OTHERS.join('\n')}\n`);
      untouched = await readState(lab.node);
      await runIPVSScript(lab.node, everything);
      applied = await readState(lab.node);
    });

    test('leaves what it finds as it was', () => {
      expect(untouched.servers).toEqual(SERVERS_OF_OTHERS);
      expect(applied.servers).toEqual(expect.arrayContaining([...untouched.servers]));
      expect(applied.sets).toEqual(expect.arrayContaining([...untouched.sets]));
      expect(rulesOfOthers(applied)).toEqual(rulesOfOthers(untouched));
      expect(withoutOthers(applied, untouched).servers).not.toEqual([]);
    });

    test('a second run changes nothing', async () => {
      await runIPVSScript(lab.node, everything);
      expect(await readState(lab.node)).toEqual(applied);
    });

    test.each(bothFamilies)('connections survive a run ($family)', async (net) => {
      const { connect } = benchOf(lab, net);
      expect(await lab.client.hold(net.family, toNodePort(net.node))).toMatchObject({ kind: 'answered' });
      const [outcomes] = await Promise.all([
        connect(lab.client, net.node, 30080, { count: 300 }),
        runIPVSScript(lab.node, everything),
      ]);
      const seeing = [net.nodeOnPodLinks, net.nodeOnPeerLink];
      expectAnswers(outcomes, { by: serversOn(net, ['a', 'd']), seeing });
      expect(await lab.client.isHeldAlive(net.family, 5000)).toBe(true);
    });

    test.each(bothFamilies)('a change keeps connections to endpoints that stay ($family)', async (net) => {
      await runIPVSScript(lab.node, everything);
      const [toA, toD] = await holdEach(lab.client, net.node, serversOn(net, ['a', 'd']));
      await runIPVSScript(lab.node, [...changedWebService, ...shopService]);
      expect(await lab.client.isHeldAlive(toA ?? '', 5000)).toBe(true);
      expect(await lab.client.isHeldAlive(toD ?? '', 1000)).toBe(false);
      const seeing = [net.nodeOnPodLinks, net.nodeOnPeerLink];
      const outcomes = await benchOf(lab, net).connect(lab.client, net.node, 30080);
      expectAnswers(outcomes, { by: serversOn(net, ['a', 'e']), seeing });
      const statistics = await lab.node.must(['ipvsadm', '-L', '-n', '--stats']);
      // A virtual server that was made anew would have fewer connections than there have been.
      expect(Number(/^TCP +192\.168\.7\.11:30080 +(\d+)/m.exec(statistics)?.[1])).toBeGreaterThan(60);
    });

    test('another scheduler and another timeout are edited in place', async () => {
      await runIPVSScript(lab.node, everything, ['--ipvs-scheduler', 'lc', '--ipvs-udp-timeout', '5m1s']);
      const { servers } = await readState(lab.node);
      expect(servers).toContain('-A -t 10.96.0.1:80 -s lc');
      expect(servers).toContain('-A -t 192.168.7.11:9999 -s rr -p 60');
      expect(await lab.node.must(['ipvsadm', '-L', '--timeout'])).toMatch(/ 301\s*$/);
    });

    test('puts back what was lost or added', async () => {
      await lab.node.must(['ipvsadm', '--restore'], DAMAGE_TO_SERVERS);
      await lab.node.must(['ipset', 'restore'], DAMAGE_TO_SETS);
      await lab.node.must(['ip', '-batch', '-'], DAMAGE_TO_ADDRESSES);
      await lab.node.must(['iptables', '-t', 'nat', '-F', 'KUBE-SERVICES']);
      await lab.node.must(['ip6tables', '-D', 'INPUT', '-m', 'comment', '--comment', ...ACCESS_JUMP]);
      expect(await readState(lab.node)).not.toEqual(applied);
      await runIPVSScript(lab.node, everything);
      expect(await readState(lab.node)).toEqual(applied);
    });

    test('a virtual server in an excluded CIDR stays, though it is not wanted any more', async () => {
      await runIPVSScript(lab.node, webService, ['--ipvs-exclude-cidrs', '10.96.0.2/31,fd00:96::/120']);
      const { servers } = await readState(lab.node);
      expect(servers).toContain('-A -t 10.96.0.2:80 -s rr -p 10800');
      expect(servers).toContain('-A -t [fd00:96::2]:80 -s rr -p 10800');
      expect(servers.filter((line) => line.includes(':30081'))).toEqual([]);
      await lab.node.must(['ipvsadm', '--restore'], '-D -t 10.96.0.2:80\n-D -t [fd00:96::2]:80\n');
    });

    test('a Service that is gone leaves nothing behind', async () => {
      await runIPVSScript(lab.node, webService);
      const fewer = await readState(lab.node);
      const host = await emptyIPVSHost(start);
      await runIPVSScript(host, webService);
      expect(withoutOthers(fewer, untouched)).toEqual(withoutOthers(await readState(host), untouched));
      expect(rulesOfOthers(fewer)).toEqual(rulesOfOthers(untouched));
      await host.stop();
    });

    test('without Services nothing of ours is left', async () => {
      await runIPVSScript(lab.node, nothing);
      expect(await readState(lab.node)).toEqual(untouched);
      await runIPVSScript(lab.node, nothing);
      expect(await readState(lab.node)).toEqual(untouched);
    });

    test('follows iptables mode, and is followed by it', async () => {
      const host = await emptyIPVSHost(start);
      await host.must(['sh', '-s'], await renderRules(everything, ['--script', ...scriptFlags]));
      await runIPVSScript(host, everything);
      const { servers, addresses, ipv4, ipv6 } = await readState(host);
      expect(
        [...ipv4, ...ipv6].filter((line) =>
          /KUBE-((SVC|SEP|EXT)-[A-Z2-7]{16}|NODEPORTS|EXTERNAL-SERVICES)/.test(line),
        ),
      ).toEqual([]);
      const first = withoutOthers(applied, untouched);
      expect({ servers, addresses }).toEqual({ servers: first.servers, addresses: first.addresses });
      await host.must(['sh', '-s'], await renderRules(everything, ['--script', ...scriptFlags]));
      const last = await readState(host);
      expect([...last.ipv4, ...last.ipv6].filter((line) => /KUBE-(IPVS|NODE-PORT)/.test(line))).toEqual([]);
      await host.stop();
    });

    test('a set that is too small is replaced by a larger one', async () => {
      const host = await emptyIPVSHost(start);
      await host.must([
        'ipset',
        'create',
        'KUBE-CLUSTER-IP',
        'hash:ip,port',
        'hashsize',
        '64',
        'maxelem',
        '1',
      ]);
      await runIPVSScript(host, everything);
      const { sets } = await readState(host);
      expect(sets.filter((line) => line.startsWith('add KUBE-CLUSTER-IP '))).toHaveLength(2);
      expect(sets.filter((line) => line.includes('KUBE-LARGER'))).toEqual([]);
      await host.stop();
    });
  });
}

function toNodePort(to: string): ConnectOptions {
  return { to, port: 30080, protocol: 'tcp', from: [], count: 1, patience: 5000 };
}

/** Opens connections until there is one to each server. @returns their names, in the order of the servers */
async function holdEach(
  client: Namespace,
  to: string,
  servers: readonly string[],
): Promise<readonly string[]> {
  const held = new Map<string, string>();
  for (let attempt = 0; attempt < 10 && held.size < servers.length; attempt++) {
    const name = `${to} ${attempt}`;
    const outcome = await client.hold(name, toNodePort(to));
    if (outcome.kind === 'answered') held.set(outcome.server, name);
  }
  return servers.map((server) => held.get(server) ?? `none to ${server}`);
}
