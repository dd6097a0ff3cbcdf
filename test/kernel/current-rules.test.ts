import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WantedRules } from '../../src/lang/iptables/compare/compare-rules.ts';
import { printChanges } from '../../src/lang/iptables/print/print-changes.ts';
import { printRule } from '../../src/lang/iptables/print/print-rule.ts';
import { printTables } from '../../src/lang/iptables/print/print-tables.ts';
import { readSavedRules as readTables } from '../../src/lang/iptables/read/read-saved-rules.ts';
import type { IPFamily } from '../../src/model/cluster.ts';
import type { NodeState } from '../../src/model/node-state.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { wantedIptablesRules } from '../../src/modes/iptables.ts';
import { iptablesChanges } from '../../src/modes/iptables-rules.ts';
import { wantedIPVSRules } from '../../src/modes/ipvs.ts';
import type { RuleSetting } from '../../src/modes/mode.ts';
import { buildIPVS } from '../../src/render/ipvs/build.ts';
import { renderIPSets } from '../../src/render/ipvs/render.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { inMode } from '../support/cluster.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { readSavedRules, type SavedChains } from '../support/kernel/saved-rules.ts';
import { arbitraryChange } from '../support/walk/arbitrary-change.ts';
import type { NodeCase } from '../support/walk/arbitrary-node.ts';

const CLEAN = ['raw', 'mangle', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');
const KUBE_PROXY: RuleSetting = { mode: 'iptables', layout: 'kube-proxy' };
const COMPACT: RuleSetting = { mode: 'iptables', layout: 'compact' };
const IPVS: RuleSetting = { mode: 'ipvs', layout: 'kube-proxy' };
const oldSetting = fc.constantFrom(KUBE_PROXY, KUBE_PROXY, KUBE_PROXY, COMPACT, IPVS);
const newSetting = fc.constantFrom(KUBE_PROXY, KUBE_PROXY, COMPACT);

/** The kernel takes its time to commit tables of nft. */
const RUNS = { legacy: 60, nft: 20 };

describeKernel('what differs from the rules that a node has', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('current-rules');
  });
  afterAll(() => host?.stop());

  describe.each(['legacy', 'nft'] as const)('iptables-%s', (variant) => {
    test('makes of them what all rules would have made', async () => {
      const property = fc.asyncProperty(
        arbitraryChange,
        oldSetting,
        newSetting,
        fc.boolean(),
        async ({ before, after }, was, is, hasForeign) => {
          const { family } = before.network;
          const base = hasForeign ? foreignRules(family) : CLEAN;
          const [old, now] = [stateOf(before, was), stateOf(after, is)];
          const tools = toolsOf(variant, family);
          if (was.mode === 'ipvs') await tools.makeSets(old);
          await tools.load(base, fullText(now, is));
          const chainsOf = (saved: string) =>
            was.layout === is.layout ? readSavedRules(saved) : sortLists(readSavedRules(saved), now, is);
          const wanted = chainsOf(await tools.save());
          await tools.load(base, fullText(old, was));
          const changes = changesOf(await tools.save(), now, is);
          if (changes !== '') await tools.load(changes);
          const saved = await tools.save();
          expect(chainsOf(saved)).toEqual(wanted);
          expect(changesOf(saved, now, is)).toBe('');
        },
      );
      await fc.assert(property, { numRuns: RUNS[variant] });
    });
  });

  function toolsOf(variant: 'legacy' | 'nft', family: IPFamily) {
    const program = `${family === 'IPv4' ? 'iptables' : 'ip6tables'}-${variant}`;
    return {
      /** The first text replaces all tables when there are several. */
      load: async (...texts: readonly string[]) => {
        if (texts.length > 1) await host.must([`${program}-restore`], CLEAN);
        for (const text of texts) await host.must([`${program}-restore`, '--noflush'], text);
      },
      save: () => host.must([`${program}-save`]),
      makeSets: (state: NodeState) =>
        host.must(['ipset', 'restore', '-exist'], [...renderIPSets([buildIPVS(state)])].join('')),
    };
  }
});

function wantedRules(state: NodeState, setting: RuleSetting): WantedRules {
  return setting.mode === 'ipvs' ? wantedIPVSRules(state) : wantedIptablesRules(state, setting);
}

/** Another layout has the rules of lists in another order, which may stay; what must be last is compared where it is. */
function sortLists(chains: SavedChains, state: NodeState, setting: RuleSetting): SavedChains {
  const { isList } = wantedRules(state, setting);
  return new Map(
    [...chains].map(([key, rules]) => {
      const [table = '', chain = ''] = key.split(' ');
      if (!isList(table, chain)) return [key, rules];
      const last = rules.findIndex((rule) => rule.includes('this must be the last rule'));
      const end = last < 0 ? rules.length : last;
      return [key, [...rules.slice(0, end).toSorted(), ...rules.slice(end)]];
    }),
  );
}

function stateOf({ network, cluster, config }: NodeCase, { mode }: RuleSetting): NodeState {
  return resolve(cluster, { config: inMode(config, mode), family: network.family }).state;
}

/** All rules and jumps, for `iptables-restore --noflush` on a host without any of ours. */
function fullText(state: NodeState, setting: RuleSetting): string {
  const { tables, jumps } = wantedRules(state, setting);
  const texts = Array.from(tables, (table) => {
    const own = jumps.filter((jump) => jump.table === table.name).toReversed();
    const lines = own.map(({ from, rule }) => `-I ${from}${printRule(rule)}\n`).join('');
    return [...printTables([table])].join('').replace(/COMMIT\n$/, `${lines}COMMIT\n`);
  });
  // Not every kernel has xt_ipvs, and what a rule of a stale chain says does not matter.
  return texts.join('').replace(/^-A .* -m ipvs .*\n/gm, '');
}

function changesOf(saved: string, state: NodeState, setting: RuleSetting): string {
  const { tables, diagnostics } = readTables(sourceText('saved', saved));
  const isReadable = diagnostics.every(({ code }) => code === 'saved-rules-given');
  if (!isReadable) throw new Error(JSON.stringify(diagnostics));
  return [...printChanges(iptablesChanges(tables, wantedRules(state, setting)))].join('');
}
