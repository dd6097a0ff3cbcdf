import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRuleset } from '../../src/lang/nftables/read/read-ruleset.ts';
import { canonicalNftRule } from '../../src/lang/nftables/table-parts.ts';
import { parseCIDR } from '../../src/model/ip.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { dumpFirewall } from '../../src/modes/dump/node-dump.ts';
import { nftablesMode } from '../../src/modes/nftables.ts';
import { nftablesDrift } from '../../src/modes/nftables-drift.ts';
import { notFrom } from '../../src/render/nftables/expressions.ts';
import { OWN_NAMES } from '../../src/render/nftables/known-names.ts';
import { renderNftables } from '../../src/render/nftables/render.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { arbitraryVersion } from '../support/arbitrary-version.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { shareOf } from '../support/share.ts';
import { arbitraryNode } from '../support/walk/arbitrary-node.ts';
import { describeWays } from '../support/walk/describe-ways.ts';
import { hostOf, packets } from '../support/walk/packets.ts';
import { waysOf } from '../support/walk/ways-of.ts';

const RUNS = shareOf(50);

function cidrOfIPv4(b: number, c: number, d: number, length: number): string {
  return parseCIDR(`10.${b}.${c}.${d}/${length}`)?.cidr ?? '';
}

function cidrOfIPv6(c: number, d: number, last: number, length: number): string {
  return parseCIDR(`fd00:${c}:${d}::${last.toString(16)}/${length}`)?.cidr ?? '';
}

describeKernel('rules of nftables that the kernel gives back', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('listed-rules');
  });
  afterAll(() => host?.stop());

  test.each([
    ['ip', fc.tuple(fc.nat(3), fc.nat(3), fc.nat(255), fc.integer({ min: 14, max: 32 })), cidrOfIPv4],
    ['ip6', fc.tuple(fc.nat(3), fc.nat(3), fc.nat(0xffff), fc.integer({ min: 30, max: 128 })), cidrOfIPv6],
  ] as const)('lists of addresses of %s, whatever nft makes of them', async (family, parts, cidrOf) => {
    const property = fc.asyncProperty(fc.array(parts, { minLength: 1, maxLength: 8 }), async (list) => {
      const sources = [...new Set(list.map((each) => cidrOf(...each)))];
      const rule = `${family} saddr != { ${sources.join(', ')} } drop`;
      const table = `table ${family} kube-proxy`;
      await host.must(
        ['nft', '-f', '-'],
        `add ${table}\ndelete ${table}\n${table} {\nchain a {\n${rule}\n}\n}\n`,
      );
      const listed = sourceText('listed', await host.must(['nft', 'list', 'table', family, 'kube-proxy']));
      const [read] = readRuleset(listed, OWN_NAMES).ruleset.tables[0]?.chains.get('a')?.rules ?? [];
      const built = { matches: [notFrom(sources)], statements: [{ kind: 'drop' } as const] };
      expect(read && canonicalNftRule(read)).toMatchObject(canonicalNftRule(built));
      await host.must(['nft', 'delete', 'table', family, 'kube-proxy']);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  describe.each(['compact', 'kube-proxy'] as const)('layout %s', (layout) => {
    // Each replaces what was there before, so that what an update leaves behind is among what is read.
    test('are those that were loaded, and do the same', async () => {
      let followed = 0;
      const property = fc.asyncProperty(arbitraryNode, arbitraryVersion, async (node, kubernetes) => {
        const { network, cluster } = node;
        const { family } = network;
        const config = { ...node.config, mode: 'nftables', kubernetes } as const;
        const { state } = resolve(cluster, { config, family });
        await host.must(['nft', '-f', '-'], [...renderNftables([state], layout)].join(''));
        const { ruleset, diagnostics } = readRuleset(
          sourceText('listed', await host.must(['nft', '-a', 'list', 'ruleset'])),
          OWN_NAMES,
        );
        expect(diagnostics).toEqual([]);
        expect(nftablesDrift(ruleset.tables, state, layout)).toEqual([]);
        const ownHost = hostOf(network);
        const [built, listed] = [
          nftablesMode.firewall(state, { mode: 'nftables', layout }, ownHost),
          dumpFirewall({ kind: 'listed', ruleset }, family, ownHost),
        ];
        for (const packet of packets(state, network)) {
          expect(describeWays(waysOf(listed, ownHost, packet))).toEqual(
            describeWays(waysOf(built, ownHost, packet)),
          );
          followed += 1;
        }
      });
      await fc.assert(property, { numRuns: RUNS });
      expect(followed).toBeGreaterThan(RUNS * 10);
    });
  });
});
