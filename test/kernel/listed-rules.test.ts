import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nftablesDrift } from '../../src/compare-nftables.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { listedFirewall, nodeFirewall } from '../../src/node-firewall.ts';
import { renderNftables } from '../../src/render/nftables/render.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { readRuleset } from '../../src/trace/nft-ruleset/read-ruleset.ts';
import { follow } from '../../src/trace/walk/follow.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { arbitraryNode } from '../support/walk/arbitrary-node.ts';
import { describeWays } from '../support/walk/describe-ways.ts';
import { hostOf, packets } from '../support/walk/packets.ts';

const RUNS = 50;

describeKernel('rules of nftables that the kernel gives back', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('listed-rules');
  });
  afterAll(() => host?.stop());

  describe.each(['compact', 'kube-proxy'] as const)('layout %s', (layout) => {
    // Each replaces what was there before, so that what an update leaves behind is among what is read.
    test('are those that were loaded, and do the same', { timeout: 120_000 }, async () => {
      let followed = 0;
      const property = fc.asyncProperty(arbitraryNode, async ({ network, cluster, config }) => {
        const { family } = network;
        const { state } = resolve(cluster, { config: { ...config, mode: 'nftables' }, family });
        await host.must(['nft', '-f', '-'], [...renderNftables([state], layout)].join(''));
        const { ruleset, diagnostics } = readRuleset(
          sourceText('listed', await host.must(['nft', '-a', 'list', 'ruleset'])),
        );
        expect(diagnostics).toEqual([]);
        expect(nftablesDrift(ruleset.tables, state, layout)).toEqual([]);
        const node = hostOf(network);
        const [built, listed] = [
          nodeFirewall(state, { mode: 'nftables', layout }, node),
          listedFirewall(ruleset, family, node),
        ];
        for (const packet of packets(state, network)) {
          expect(describeWays(follow(listed, node, packet))).toEqual(
            describeWays(follow(built, node, packet)),
          );
          followed += 1;
        }
      });
      await fc.assert(property, { numRuns: RUNS });
      expect(followed).toBeGreaterThan(RUNS * 10);
    });
  });
});
