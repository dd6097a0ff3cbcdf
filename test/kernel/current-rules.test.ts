import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareWithNode } from '../../src/compare.ts';
import type { IPFamily } from '../../src/model/cluster.ts';
import type { NodeState } from '../../src/model/node-state.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { JUMPS } from '../../src/render/iptables/jumps.ts';
import { printRule, printTables } from '../../src/render/restore/print.ts';
import { printChanges } from '../../src/render/restore/print-changes.ts';
import { type RuleSetting, ruleTables } from '../../src/render/rule-tables.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { readSavedRules as readTables } from '../../src/trace/saved-rules/read-saved-rules.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { readSavedRules } from '../support/kernel/saved-rules.ts';
import { arbitraryChange } from '../support/walk/arbitrary-change.ts';
import type { NodeCase } from '../support/walk/arbitrary-node.ts';

const CLEAN = ['raw', 'mangle', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');
const layout = fc.constantFrom<RuleSetting['layout']>('kube-proxy', 'kube-proxy', 'compact');

describeKernel('what differs from the rules that a node has', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('current-rules');
  });
  afterAll(() => host?.stop());

  describe.each(['legacy', 'nft'] as const)('iptables-%s', (variant) => {
    test('makes of them what all rules would have made', { timeout: 60_000 }, async () => {
      const property = fc.asyncProperty(
        arbitraryChange,
        layout,
        layout,
        fc.boolean(),
        async ({ before, after }, oldLayout, newLayout, hasForeign) => {
          const { family } = before.network;
          const base = hasForeign ? foreignRules(family) : CLEAN;
          const old = fullText(stateOf(before), oldLayout);
          const now = fullText(stateOf(after), newLayout);
          const tools = toolsOf(variant, family);
          await tools.load(base, now);
          const wanted = readSavedRules(await tools.save());
          await tools.load(base, old);
          const changes = changesOf(await tools.save(), stateOf(after), newLayout);
          if (changes !== '') await tools.load(changes);
          const saved = await tools.save();
          expect(readSavedRules(saved)).toEqual(wanted);
          expect(changesOf(saved, stateOf(after), newLayout)).toBe('');
        },
      );
      await fc.assert(property, { numRuns: 60 });
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
    };
  }
});

function stateOf({ network, cluster, config }: NodeCase): NodeState {
  return resolve(cluster, { config, family: network.family }).state;
}

/** All rules and jumps, for `iptables-restore --noflush` on a host without any of ours. */
function fullText(state: NodeState, layoutName: RuleSetting['layout']): string {
  const setting = { mode: 'iptables', layout: layoutName } as const;
  const texts = ruleTables(state, setting, 'noflush').map((table) => {
    const jumps = JUMPS.filter((jump) => jump.table === table.name).toReversed();
    const lines = jumps.map(({ from, rule }) => `-I ${from}${printRule(rule)}\n`).join('');
    return [...printTables([table])].join('').replace(/COMMIT\n$/, `${lines}COMMIT\n`);
  });
  return texts.join('');
}

function changesOf(saved: string, state: NodeState, layoutName: RuleSetting['layout']): string {
  const { tables, diagnostics } = readTables(sourceText('saved', saved));
  const isReadable = diagnostics.every(({ code }) => code === 'saved-rules-given');
  if (!isReadable) throw new Error(JSON.stringify(diagnostics));
  const changes = compareWithNode(tables, state, { mode: 'iptables', layout: layoutName });
  return [...printChanges(changes)].join('');
}
