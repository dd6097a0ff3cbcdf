import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/json.ts';
import { bothFamilies } from './addresses.ts';
import { chooseIptables, type IptablesVariant } from './backend.ts';
import { expectAll, expectAnswers } from './expect-outcomes.ts';
import { foreignRules } from './foreign-rules.ts';
import { describeKernel } from './kernel-support.ts';
import { forward, HEALTH_CHECK_PORT, type Lab, NODE_PORT, startLab } from './lab.ts';
import { type Namespace, startNamespace } from './namespace.ts';
import { chainsOfOurs, isServiceChain, linesOfOthers, steadyLines } from './our-chains.ts';
import { renderRules } from './render-rules.ts';
import { benchOf, NO_ANSWER, serversOn } from './scenario.ts';
import { crowdService, scriptFlags, shopService, webService } from './script-services.ts';

const everything = [...webService, ...shopService];

/** Tests what `svcgen render --script` does to a node that has rules of others. Each test builds on those above. */
export function describeScript(variant: IptablesVariant): void {
  describeKernel(`the script beside rules of others, iptables-${variant}`, () => {
    let lab: Lab;
    let untouched: Saved;
    let applied: Saved;

    beforeAll(async () => {
      lab = await startLab();
      await chooseIptables(lab.node, variant);
      await forward(lab.node, false);
      await lab.node.must(['iptables-restore'], foreignRules('IPv4'));
      await lab.node.must(['ip6tables-restore'], foreignRules('IPv6'));
      untouched = await save(lab.node);
      await runScript(lab.node, everything);
      applied = await save(lab.node);
    });
    afterAll(() => lab?.stop());

    test('leaves what it finds as it was', () => {
      expect(ofOthers(applied)).toEqual(untouched);
      expect(applied).not.toEqual(untouched);
    });

    test('a second run changes nothing', async () => {
      await runScript(lab.node, everything);
      expect(await save(lab.node)).toEqual(applied);
    });

    describe.each(bothFamilies.map((net) => [net.family, net] as const))('%s', (_, net) => {
      test('a NodePort works although FORWARD drops by default', async () => {
        const outcomes = await benchOf(lab, net).connect(lab.client, net.node, 30080);
        const seeing = [net.nodeOnPodLinks, net.nodeOnPeerLink];
        expectAnswers(outcomes, { by: serversOn(net, ['a', 'd']), seeing });
      });

      test('health checks pass although INPUT drops by default, and nothing else does', async () => {
        const { connect } = benchOf(lab, net);
        const outcomes = await connect(lab.client, net.node, HEALTH_CHECK_PORT);
        expect(outcomes.every(({ kind }) => kind === 'answered')).toBe(true);
        await expectAll('silent', [connect(lab.client, net.node, NODE_PORT, NO_ANSWER)]);
      });

      test('connections that are open, and those made meanwhile, survive a run', async () => {
        const { connect } = benchOf(lab, net);
        const held = {
          to: net.node,
          port: 30080,
          protocol: 'tcp',
          from: [],
          count: 1,
          patience: 5000,
        } as const;
        expect(await lab.client.hold(net.family, held)).toMatchObject({ kind: 'answered' });
        const [outcomes] = await Promise.all([
          connect(lab.client, net.node, 30080, { count: 2000 }),
          runScript(lab.node, everything),
        ]);
        expect(outcomes.filter(({ kind }) => kind !== 'answered')).toEqual([]);
        expect(await lab.client.isHeldAlive(net.family, 5000)).toBe(true);
      });
    });

    test('puts back what was lost', async () => {
      await lab.node.must(['iptables', '-t', 'nat', '-F', 'KUBE-SERVICES']);
      await lab.node.must(['ip6tables', '-t', 'nat', '-D', 'POSTROUTING', '1']);
      expect(await save(lab.node)).not.toEqual(applied);
      await runScript(lab.node, everything);
      expect(await save(lab.node)).toEqual(applied);
    });

    describe('layout compact', () => {
      const compact = ['--layout', 'compact'];
      const crowded = [...everything, ...crowdService];

      test('takes over and gives back', async () => {
        await runScript(lab.node, crowded, compact);
        const taken = await save(lab.node);
        expect(ofOthers(taken)).toEqual(untouched);
        expect(ofOurs(taken)).toEqual(await applyToEmptyHost(variant, crowded, compact));
        await runScript(lab.node, crowded, compact);
        expect(await save(lab.node)).toEqual(taken);
        await runScript(lab.node, everything);
        const given = await save(lab.node);
        expect(ofOthers(given)).toEqual(untouched);
        expect(ofOurs(given)).toEqual(ofOurs(applied));
      });

      test.each(bothFamilies.map((net) => [net.family, net] as const))(
        '%s: clients stay where they are when it takes over, and when it gives back',
        async (_, net) => {
          const { connect } = benchOf(lab, net);
          const serversOf = async (count: number) => {
            const outcomes = await connect(lab.node, net.clusterIP(2), 80, { count });
            return new Set(outcomes.map((outcome) => (outcome.kind === 'answered' ? outcome.server : '')));
          };
          const first = await serversOf(1);
          expect(first).not.toEqual(new Set(['']));
          await runScript(lab.node, everything, compact);
          expect(await serversOf(20)).toEqual(first);
          await runScript(lab.node, everything);
          expect(await serversOf(20)).toEqual(first);
        },
      );

      test('is refused where the match bpf is missing, before anything is changed', async () => {
        const before = await save(lab.node);
        const script = await renderRules(everything, [...scriptFlags, ...compact]);
        const { exitCode, stderr } = await lab.node.run(
          ['sh', '-s'],
          script.replaceAll('-m bpf ', '-m bpx '),
        );
        expect(exitCode).toBe(1);
        expect(stderr).toMatch(/^svcgen: IPv4: .* lack the match bpf/m);
        expect(await save(lab.node)).toEqual(before);
      });
    });

    test('a Service that is gone leaves nothing behind', async () => {
      await runScript(lab.node, webService);
      const fewer = await save(lab.node);
      expect(ofOthers(fewer)).toEqual(untouched);
      expect(ofOurs(fewer)).toEqual(await applyToEmptyHost(variant, webService));
    });

    test('without Services no chain of a Service is left', async () => {
      await runScript(lab.node, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other' } }]);
      const last = await save(lab.node);
      expect(ofOthers(last)).toEqual(untouched);
      const chains = Object.values(ofOurs(last)).flatMap((byName) => Object.keys(byName));
      expect(chains.filter((chain) => isServiceChain(chain.split(' ')[1] ?? ''))).toEqual([]);
    });
  });
}

/** What both families' tables hold, without what changes by itself. */
interface Saved {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
}

async function save(node: Namespace): Promise<Saved> {
  return {
    ipv4: steadyLines(await node.must(['iptables-save'])),
    ipv6: steadyLines(await node.must(['ip6tables-save'])),
  };
}

async function runScript(
  node: Namespace,
  manifests: readonly JsonObject[],
  flags: readonly string[] = [],
): Promise<void> {
  await node.must(['sh', '-s'], await renderRules(manifests, [...scriptFlags, ...flags]));
}

/** What the script makes where nothing was before. */
async function applyToEmptyHost(
  variant: IptablesVariant,
  manifests: readonly JsonObject[],
  flags: readonly string[] = [],
) {
  const host = await startNamespace('empty host');
  try {
    await chooseIptables(host, variant);
    await runScript(host, manifests, flags);
    return ofOurs(await save(host));
  } finally {
    await host.stop();
  }
}

function ofOthers({ ipv4, ipv6 }: Saved): Saved {
  return { ipv4: linesOfOthers(ipv4), ipv6: linesOfOthers(ipv6) };
}

function ofOurs({ ipv4, ipv6 }: Saved) {
  return { ipv4: chainsOfOurs(ipv4), ipv6: chainsOfOurs(ipv6) };
}
