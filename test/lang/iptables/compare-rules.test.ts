import { expect, test } from 'vitest';
import { compareRules } from '../../../src/lang/iptables/compare/compare-rules.ts';
import { describeRule } from '../../../src/lang/iptables/print/print-rule.ts';
import { printTables } from '../../../src/lang/iptables/print/print-tables.ts';
import { readSavedRules } from '../../../src/lang/iptables/read/read-saved-rules.ts';
import type { SavedTable, Table } from '../../../src/lang/iptables/ruleset.ts';
import { sourceText } from '../../../src/model/source-text.ts';

const TABLE: Table = {
  name: 'nat',
  chainNames: ['KUBE-SVC-A', 'KUBE-SEP-B'],
  chains: [
    {
      name: 'KUBE-SVC-A',
      rules: [
        { matches: [{ kind: 'random', probability: 1 / 3 }], action: { kind: 'jump', chain: 'KUBE-SEP-B' } },
      ],
    },
  ],
};

/** What reading makes of a text, in which nobody may read the rules of a chain. */
function unreadTable(text: string): SavedTable {
  const { tables } = readSavedRules(sourceText('saved', text));
  const [table] = tables;
  if (table === undefined) throw new Error('no table');
  const get = (name: string) => {
    throw new Error(`${name} was read`);
  };
  return { ...table, chains: { ...table.chains, get } };
}

function changesOf(saved: SavedTable) {
  const nothing = { isOwnChain: () => false, isList: () => false, isLast: () => false };
  const wanted = { tables: [TABLE], jumps: [], ...nothing, countedBy: () => undefined };
  return compareRules([saved], wanted, describeRule);
}

const WRITTEN = [...printTables([TABLE])].join('');

test.each([
  ['svcgen', '0.3333333333'],
  ['iptables-save', '0.33333333349'],
])('rules as %s prints them are compared without being read', (_, probability) => {
  expect(WRITTEN).toContain(' --probability 0.3333333333 ');
  expect(changesOf(unreadTable(WRITTEN.replace('0.3333333333', probability)))).toEqual([]);
});

test('others are read', () => {
  const text = WRITTEN.replace('0.3333333333', '0.25');
  expect(() => changesOf(unreadTable(text))).toThrow('KUBE-SVC-A was read');
  const [saved] = readSavedRules(sourceText('saved', text)).tables;
  expect(saved && changesOf(saved)).toMatchObject([{ chains: [{ kind: 'differs', name: 'KUBE-SVC-A' }] }]);
});
