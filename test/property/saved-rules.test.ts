import fc from 'fast-check';
import { expect, test } from 'vitest';
import { printTables } from '../../src/lang/iptables/print/print-tables.ts';
import type { Table } from '../../src/lang/iptables/ruleset.ts';
import type { RuleSetting } from '../../src/modes/mode.ts';
import { buildTables } from '../../src/render/iptables/build.ts';
import { buildIPVSTables } from '../../src/render/ipvs/tables.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { inMode } from '../support/cluster.ts';
import { builtRules, readRules } from '../support/read-rules.ts';
import { arbitraryNode, type NodeCase } from '../support/walk/arbitrary-node.ts';

test.each([
  ['iptables', 'kube-proxy'],
  ['iptables', 'compact'],
  ['ipvs', 'kube-proxy'],
] as const)('mode %s, layout %s: what is printed is read as what was built', (mode, layout) => {
  fc.assert(
    fc.property(arbitraryNode, fc.constantFrom('tables', 'noflush'), (node, form) => {
      const build = (): readonly Table[] => tablesOf(node, { mode, layout }, form);
      expect(readRules([...printTables(build())].join(''))).toEqual(builtRules(build()));
    }),
    { numRuns: 100 },
  );
});

function tablesOf(
  { network, cluster, config }: NodeCase,
  { mode, layout }: RuleSetting,
  form: 'tables' | 'noflush',
): readonly Table[] {
  const { state } = resolve(cluster, {
    config: inMode(config, mode),
    family: network.family,
  });
  return mode === 'ipvs' ? buildIPVSTables(state, form) : buildTables(state, { form, layout });
}
