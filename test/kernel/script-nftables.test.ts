import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { addressesOf, bothFamilies } from '../support/kernel/addresses.ts';
import { TOOLS_FOLDER } from '../support/kernel/agent-process.ts';
import type { Outcome } from '../support/kernel/agent-protocol.ts';
import { chooseIptables } from '../support/kernel/backend.ts';
import { expectAnswers } from '../support/kernel/expect-outcomes.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { forward, type Lab, startLab } from '../support/kernel/lab.ts';
import { WEB_PORT } from '../support/kernel/manifests.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { linesOfOthers, steadyLines } from '../support/kernel/our-chains.ts';
import { renderRules } from '../support/kernel/render-rules.ts';
import { benchOf, serversOn } from '../support/kernel/scenario.ts';
import { dualStack, scriptFlags, shopService, webService } from '../support/kernel/script-services.ts';

const plainService = dualStack({ name: 'plain', number: 3, pods: ['a', 'd'], spec: { ports: [WEB_PORT] } });
const everything = [...webService, ...shopService, ...plainService];
const FLAGS = ['--mode', 'nftables', ...scriptFlags];

/** Tables of others, one of them with names like those in ours. */
const FOREIGN_TABLES = `
table inet firewall {
	set blocked {
		type ipv4_addr
		elements = { 203.0.113.66 }
	}
	chain input {
		type filter hook input priority 0; policy accept;
		ip saddr @blocked drop
	}
}
table ip kube-proxy-of-others {
	map service-ips {
		type ipv4_addr . inet_proto . inet_service : verdict
		elements = { 10.96.255.254 . tcp . 80 : drop }
	}
	chain services {
		ip daddr . meta l4proto . th dport vmap @service-ips
	}
}
`;

describeKernel('the script of nftables mode beside rules of others', () => {
  let lab: Lab;
  let untouched: Saved;
  let applied: Saved;

  beforeAll(async () => {
    lab = await startLab();
    await chooseIptables(lab.node, 'legacy');
    await forward(lab.node, false);
    for (const { family } of bothFamilies) {
      const text = foreignRules(family).replaceAll(/:(INPUT|FORWARD) DROP/g, ':$1 ACCEPT');
      await lab.node.must([family === 'IPv4' ? 'iptables-restore' : 'ip6tables-restore'], text);
    }
    await lab.node.must(['nft', '-f', '-'], FOREIGN_TABLES);
    untouched = await save(lab.node);
    // iptables mode was there before.
    await runScript(lab.node, everything, scriptFlags);
    await runScript(lab.node, everything);
    applied = await save(lab.node);
  });
  afterAll(() => lab?.stop());

  test('leaves what it finds as it was, and nothing of iptables mode', () => {
    expect(ofOthers(applied)).toEqual(ofOthers(untouched));
    expect(chainsOfIptablesMode(applied)).toEqual([]);
    expect(applied.ours).not.toEqual([]);
  });

  test('a second run changes nothing', async () => {
    await runScript(lab.node, everything);
    expect(await save(lab.node)).toEqual(applied);
  });

  describe.each(bothFamilies.map((net) => [net.family, net] as const))('%s', (_, net) => {
    test('a NodePort works', async () => {
      const outcomes = await benchOf(lab, net).connect(lab.client, net.node, 30080);
      const seeing = [net.nodeOnPodLinks, net.nodeOnPeerLink];
      expectAnswers(outcomes, { by: serversOn(net, ['a', 'd']), seeing });
    });

    test('connections made meanwhile are answered', async () => {
      const { connect } = benchOf(lab, net);
      const [outcomes] = await Promise.all([
        connect(lab.client, net.node, 30080, { count: 2000 }),
        runScript(lab.node, everything),
      ]);
      expect(outcomes.filter(({ kind }) => kind !== 'answered')).toEqual([]);
    });

    test.each([
      ['a run of the script', () => runScript(lab.node, everything)],
      ['the text alone', () => loadText(lab.node, 'compact')],
      ['a change to the layout of kube-proxy and back', () => changeLayouts(lab.node)],
    ])('clients with session affinity stay where they are over %s', async (_name, apply) => {
      const crowd = async () => {
        const options = { from: net.crowd, count: net.crowd.length };
        const outcomes = await benchOf(lab, net).connect(lab.client, net.node, 30081, options);
        return outcomes.map((outcome: Outcome) =>
          outcome.kind === 'answered' ? outcome.server : outcome.kind,
        );
      };
      const before = await crowd();
      expect(new Set(before)).toEqual(new Set(serversOn(net, ['a', 'b'])));
      await apply();
      expect(await crowd()).toEqual(before);
    });
  });

  test('a Service that is gone leaves nothing behind', async () => {
    const [shop = {}, ...slices] = shopService;
    await runScript(lab.node, [...webService, shop, ...slices.map(withoutPodB)]);
    const fewer = await save(lab.node);
    expect(ofOthers(fewer)).toEqual(ofOthers(untouched));
    expect(fewer.ours.join('\n')).not.toContain(addressesOf('IPv4').pods.b);
    await runScript(lab.node, webService);
    expect((await save(lab.node)).ours).toEqual(await applyToEmptyHost(webService));
  });

  test('iptables mode that follows removes our tables', async () => {
    await runScript(lab.node, everything, scriptFlags);
    const followed = await save(lab.node);
    expect({ ...ofOthers(followed), ours: followed.ours }).toEqual({ ...ofOthers(untouched), ours: [] });
    await runScript(lab.node, everything);
  });

  test('without Services there is no table', async () => {
    await runScript(lab.node, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } }]);
    const last = await save(lab.node);
    expect(ofOthers(last)).toEqual(ofOthers(untouched));
    expect(last.ours).toEqual([]);
  });

  test.each([
    [
      'nft',
      'echo "nftables v0.9.8 (E.D.S.)"',
      'nft is nftables v0.9.8 (E.D.S.): nftables mode takes 1.0.1 or later',
    ],
    ['uname', 'echo 5.4.0-99-generic', 'the kernel is 5.4.0-99-generic: nftables mode takes 5.13 or later'],
  ])('an %s that is too old is refused', async (tool, body, message) => {
    const host = await startNamespace('old host');
    try {
      const path = `${TOOLS_FOLDER}/${tool}`;
      await host.must(
        ['sh', '-ec', `mkdir -p ${TOOLS_FOLDER}; cat >${path}; chmod +x ${path}`],
        `#!/bin/sh\n${body}\n`,
      );
      const { exitCode, stderr } = await host.run(['sh', '-s'], await renderRules(webService, FLAGS));
      expect(stderr).toContain(message);
      expect(exitCode).toBe(1);
      await host.must(['rm', path]);
      expect(await host.must(['nft', 'list', 'ruleset'])).toBe('');
    } finally {
      await host.stop();
    }
  });
});

interface Saved {
  readonly iptables: string[];
  readonly others: readonly string[];
  readonly ours: readonly string[];
}

/** Tables of nftables in parts, without what changes by itself, nor the order in which parts were made. */
async function save(node: Namespace): Promise<Saved> {
  const saved = [await node.must(['iptables-save']), await node.must(['ip6tables-save'])];
  const ruleset = await node.must(['nft', '--stateless', '--terse', 'list', 'ruleset']);
  const tables = ruleset.split(/^(?=table )/m).filter((text) => text !== '');
  const isOurs = (text: string) => /^table ip6? kube-proxy \{/.test(text);
  return {
    iptables: saved.flatMap(steadyLines),
    others: tables.filter((text) => !isOurs(text)),
    ours: tables
      .filter(isOurs)
      .flatMap((text) => text.replace(/\n\}\s*$/, '').split('\n\n'))
      .map((part) => part.trim())
      .sort(),
  };
}

function ofOthers({ iptables, others }: Saved) {
  return { iptables: linesOfOthers(iptables), others };
}

/** Chains of iptables mode, but for one that a kubelet may have too: it drops what nobody needs. */
function chainsOfIptablesMode({ iptables }: Saved): readonly string[] {
  const others = new Set(linesOfOthers(iptables));
  return iptables.filter(
    (line) => line.startsWith(':') && !others.has(line) && !line.startsWith(':KUBE-FIREWALL '),
  );
}

async function runScript(
  node: Namespace,
  manifests: readonly JsonObject[],
  flags: readonly string[] = FLAGS,
): Promise<void> {
  await node.must(['sh', '-s'], await renderRules(manifests, flags));
}

async function loadText(node: Namespace, layout: string): Promise<void> {
  const flags = FLAGS.filter((flag) => flag !== '--script');
  await node.must(['nft', '-f', '-'], await renderRules(everything, [...flags, '--layout', layout]));
}

async function changeLayouts(node: Namespace): Promise<void> {
  await loadText(node, 'kube-proxy');
  await loadText(node, 'compact');
}

function withoutPodB(slice: JsonObject): JsonObject {
  const endpoints = Array.isArray(slice.endpoints) ? slice.endpoints : [];
  const b = bothFamilies.map(({ pods }) => pods.b);
  return {
    ...slice,
    endpoints: endpoints.filter((each) => !b.some((ip) => JSON.stringify(each).includes(`"${ip}"`))),
  };
}

/** What the script makes where nothing was before. */
async function applyToEmptyHost(manifests: readonly JsonObject[]): Promise<readonly string[]> {
  const host = await startNamespace('empty host');
  try {
    await runScript(host, manifests);
    return (await save(host)).ours;
  } finally {
    await host.stop();
  }
}
