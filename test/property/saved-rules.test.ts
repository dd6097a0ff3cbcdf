import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Table } from '../../src/model/ruleset.ts';
import { buildTables as buildIptables } from '../../src/render/iptables/build.ts';
import { buildTables as buildIPVS } from '../../src/render/ipvs/tables.ts';
import { printTables } from '../../src/render/restore/print.ts';
import { resolve } from '../../src/resolve/resolve.ts';
import { builtRules, readRules } from '../support/read-rules.ts';
import { arbitraryNode, type NodeCase } from '../support/walk/arbitrary-node.ts';

test.each(['iptables', 'ipvs'] as const)('mode %s: what is printed is read as what was built', (mode) => {
  fc.assert(
    fc.property(arbitraryNode, fc.constantFrom('tables', 'noflush'), (node, form) => {
      const build = (): readonly Table[] => tablesOf(node, mode, form);
      expect(readRules([...printTables(build())].join(''))).toEqual(builtRules(build()));
    }),
    { numRuns: 100 },
  );
});

function tablesOf(
  { network, cluster, config }: NodeCase,
  mode: 'iptables' | 'ipvs',
  form: 'tables' | 'noflush',
): readonly Table[] {
  const { state } = resolve(cluster, { config: { ...config, mode }, family: network.family });
  return mode === 'ipvs' ? buildIPVS(state, form) : buildIptables(state, form);
}
