import { expect, test } from 'vitest';
import { readRuleset } from '../../../../src/lang/nftables/read/read-ruleset.ts';
import type { ListedTable } from '../../../../src/lang/nftables/ruleset.ts';
import { sourceText } from '../../../../src/model/source-text.ts';
import { tellNftablesVersion } from '../../../../src/modes/dump/tell/nftables-version.ts';
import { OWN_NAMES } from '../../../../src/render/nftables/known-names.ts';

/** A table of kube-proxy with chains of Services, each of which has one rule. */
function tableOf(rules: readonly string[]): ListedTable {
  const chains = rules.map(
    (rule, index) => `\tchain service-AAAAAAA${index}-default/web/tcp/http {\n\t\t${rule}\n\t}\n`,
  );
  const sets = '\tset cluster-ips {\n\t\ttype ipv4_addr\n\t}\n';
  const text = `table ip kube-proxy {\n${sets}${chains.join('')}}\n`;
  const { ruleset, diagnostics } = readRuleset(sourceText('node', text), OWN_NAMES);
  const [table] = ruleset.tables;
  if (table === undefined) throw new Error(JSON.stringify(diagnostics));
  return table;
}

/** The same, with the names of the chains whose rules were read. */
function watched({ chains, ...table }: ListedTable, read: string[]): ListedTable {
  const all = [...chains].map(([name, chain]) => {
    function* rules() {
      read.push(name.charAt('service-AAAAAAA'.length));
      yield* chain.rules;
    }
    return [name, { ...chain, rules: { [Symbol.iterator]: rules } }] as const;
  });
  return { ...table, chains: new Map(all) };
}

/** Two endpoints, in the words of nft. */
const chosen = (first: string) =>
  `meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : ${first} . 8080, 1 : 10.0.0.2 . 8080 }`;
const OLDER = 'numgen random mod 1 vmap { 0 : goto endpoint-BBBBBBB0-default/web/tcp/http__10.0.0.1/8080 }';

test('of chains that are alike but for their endpoints, one is read', () => {
  const read: string[] = [];
  const table = tableOf([chosen('10.0.0.1'), chosen('10.0.0.3'), OLDER, chosen('10.0.0.4')]);
  const signs = tellNftablesVersion([watched(table, read)])?.signs.map(({ what }) => what);
  expect(read).toEqual(['0', '2']);
  expect(signs).toEqual([
    'a rule of chain service-AAAAAAA0-default/web/tcp/http',
    'a rule of chain service-AAAAAAA2-default/web/tcp/http',
  ]);
});

test('what cannot be read tells nothing about others that look like it', () => {
  const read: string[] = [];
  const table = tableOf([chosen('10.0.0.300'), chosen('10.0.0.1'), chosen('10.0.0.2')]);
  const signs = tellNftablesVersion([watched(table, read)])?.signs.map(({ what }) => what);
  expect(read).toEqual(['0', '1']);
  expect(signs).toEqual(['a rule of chain service-AAAAAAA1-default/web/tcp/http']);
});

test('a rule that looks into a map of verdicts is not taken for one that looks into one of addresses', () => {
  const of = (kind: string) => `numgen random mod 2 ${kind} { }`;
  const read: string[] = [];
  tellNftablesVersion([watched(tableOf([of('map'), of('vmap')]), read)]);
  expect(read).toEqual(['0', '1']);
});
