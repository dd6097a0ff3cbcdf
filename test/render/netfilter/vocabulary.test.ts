import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBuiltInChain } from '../../../src/lang/iptables/kernel-tables.ts';
import type { Rule, Table, TableName } from '../../../src/lang/iptables/ruleset.ts';
import { readSavedNode } from '../../../src/lang/ipvs/read/read-saved-ipvs.ts';
import { sourceText } from '../../../src/model/source-text.ts';
import { buildTables } from '../../../src/render/iptables/build.ts';
import { buildIPVS } from '../../../src/render/ipvs/build.ts';
import { buildIPVSTables } from '../../../src/render/ipvs/tables.ts';
import type { RenderedLayout } from '../../../src/render/netfilter/chains.ts';
import { COMMENTS, type CommentId, labelIn } from '../../../src/render/netfilter/comments.ts';
import { knownSet, SETS } from '../../../src/render/netfilter/sets.ts';
import { KNOWN_CHAINS, knownChain, useIn } from '../../../src/render/own-chains.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { inMode } from '../../support/cluster.ts';
import { arbitraryCrowdedNode, arbitraryNode, type NodeCase } from '../../support/walk/arbitrary-node.ts';

const COMMENT_IDS = Object.keys(COMMENTS).filter((id): id is CommentId => Object.hasOwn(COMMENTS, id));

const CASES = [
  { name: 'iptables/kube-proxy', mode: 'iptables', layout: 'kube-proxy' },
  { name: 'iptables/compact', mode: 'iptables', layout: 'compact' },
  { name: 'ipvs/kube-proxy', mode: 'ipvs', layout: 'kube-proxy' },
] as const;

/** A chain of the table in one of the tables of iptables: `nat KUBE-SEP-`. */
function useOf(table: TableName, name: string, layout: RenderedLayout): string {
  const chain = knownChain(name);
  const use = useIn(table, chain);
  expect(use?.by, `${table} ${name}`).toContain(layout);
  return `${table} ${chain?.name}`;
}

function usesBy(layout: RenderedLayout): readonly string[] {
  return KNOWN_CHAINS.flatMap(({ name, uses }) =>
    uses.filter(({ by }) => by.includes(layout)).map(({ table }) => `${table} ${name}`),
  );
}

function stateOf({ network, cluster, config }: NodeCase, mode: 'iptables' | 'ipvs') {
  return resolve(cluster, { config: inMode(config, mode), family: network.family }).state;
}

describe.each(CASES)('$name', ({ name: layout, mode, layout: ofMode }) => {
  const build = (node: NodeCase): readonly Table[] =>
    mode === 'ipvs'
      ? buildIPVSTables(stateOf(node, mode), 'noflush')
      : buildTables(stateOf(node, mode), { form: 'noflush', layout: ofMode });

  test('builders make chains and sets of the table, all of them, and no others', () => {
    const made = new Set<string>();
    const check = (node: NodeCase) => {
      for (const { name: table, chainNames, chains } of build(node)) {
        for (const name of chainNames) useOf(table, name, layout);
        for (const { name, rules } of chains) {
          made.add(useOf(table, name, layout));
          for (const rule of rules) checkNames(table, rule, layout);
        }
      }
    };
    fc.assert(fc.property(arbitraryNode, check), { numRuns: 100 });
    fc.assert(fc.property(arbitraryCrowdedNode, check), { numRuns: 20 });
    expect([...made].sort()).toEqual([...usesBy(layout)].sort());
  });

  test('what fixtures want is made of chains and sets of the table', () => {
    const texts = fixtureTexts(mode, ofMode);
    expect(texts.length).toBeGreaterThan(0);
    for (const { path, text } of texts) {
      const { tables, diagnostics } = readSavedNode(sourceText(path, text));
      expect(diagnostics).toEqual([]);
      for (const { name: table, chains } of tables) {
        for (const { name, rules } of chains.values()) {
          if (!isBuiltInChain(table, name)) useOf(table, name, layout);
          for (const rule of rules) checkNames(table, rule, layout);
        }
      }
    }
  });
});

function withHealthChecks(node: NodeCase): NodeCase {
  const services = node.cluster.services.map((each, index) => ({
    ...each,
    healthCheckNodePort: 32_000 + index,
  }));
  return { ...node, cluster: { ...node.cluster, services } };
}

test('every comment by which a rule can be told is one that builders write', () => {
  const written = new Set<string>();
  const check = (node: NodeCase) => {
    const tables = (['kube-proxy', 'compact'] as const).flatMap((layout) =>
      buildTables(stateOf(withHealthChecks(node), 'iptables'), { form: 'noflush', layout }),
    );
    const rules = tables.flatMap(({ chains }) => [...chains].flatMap((chain) => [...chain.rules]));
    for (const { matches } of rules) {
      for (const match of matches) {
        if (match.kind === 'comment')
          for (const id of COMMENT_IDS) if (labelIn(id, match.text) !== undefined) written.add(id);
      }
    }
  };
  fc.assert(fc.property(arbitraryNode, check), { numRuns: 100 });
  expect([...written].sort()).toEqual([...COMMENT_IDS].sort());
});

test.each([
  ['clusterIP', 'default/web:http cluster IP', 'default/web:http'],
  ['notAdmitted', 'a/b traffic not accepted by KUBE-FW-CKTK4HVPCCPKEGFT', 'a/b'],
  ['masqueradeLocal', 'masquerade LOCAL traffic for a/b external destinations', 'a/b'],
  ['nodePort', 'a/b:c', 'a/b:c'],
  ['hairpin', 'kubernetes endpoints that reach themselves', ''],
  ['clusterIP', ' cluster IP', undefined],
  ['clusterIP', 'a/b cluster IP?', undefined],
  ['noEndpoints', 'a/b has no local endpoints', undefined],
  ['forwarding', 'kubernetes forwarding rules!', undefined],
  ['nodePort', '', undefined],
] as const)('comment %s: %j is about %j', (id, text, label) => {
  expect(labelIn(id, text)).toBe(label);
});

/** What a rule leads to, and the sets that it looks into. */
function checkNames(table: TableName, { matches, action }: Rule, layout: RenderedLayout): void {
  if (action?.kind === 'jump') useOf(table, action.chain, layout);
  for (const match of matches) if (match.kind === 'set') expect(knownSet(match.name)).toBeDefined();
}

/** Rules of iptables-restore among what the fixtures want in a mode and layout. */
function fixtureTexts(
  mode: string,
  layout: string,
): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync('fixtures/valid').flatMap((folder) => {
    const dir = join('fixtures/valid', folder);
    const commands: Record<string, readonly string[]> = JSON.parse(
      readFileSync(join(dir, 'case.json'), 'utf8'),
    );
    return Object.entries(commands).flatMap(([name, argv]) => {
      const option = (flag: string, none: string) => argv[argv.indexOf(flag) + 1 || argv.length] ?? none;
      if (option('--mode', 'iptables') !== mode || option('--layout', 'kube-proxy') !== layout) return [];
      const path = join(dir, 'expected', `${name}.txt`);
      const text = readFileSync(path, 'utf8');
      return /^(?:#.*\n)*\*/.test(text) ? [{ path, text }] : [];
    });
  });
}

test('ipvs mode makes the sets of the table, all of them, and no others', () => {
  fc.assert(
    fc.property(arbitraryNode, (node) => {
      const { sets, family } = buildIPVS(stateOf(node, 'ipvs'));
      const known = sets.map(({ name }) => knownSet(name));
      expect(known.map((set) => set?.name)).toEqual(Object.keys(SETS).sort());
      expect(known.map((set) => set?.family)).toEqual(sets.map(() => family));
      expect(known.map((set) => set?.type)).toEqual(sets.map(({ type }) => type));
    }),
    { numRuns: 20 },
  );
});

describe('names', () => {
  test('stand for one chain each, and end where a hash begins', () => {
    expect(new Set(KNOWN_CHAINS.map(({ name }) => name)).size).toBe(KNOWN_CHAINS.length);
    for (const { name, isHashed = false } of KNOWN_CHAINS) expect(name.endsWith('-')).toBe(isHashed);
  });

  test.each([
    ['KUBE-SEP-CKTK4HVPCCPKEGFT', 'KUBE-SEP-'],
    ['KUBE-SERVICES', 'KUBE-SERVICES'],
    ['KUBE-SEP-', undefined],
    ['KUBE-SEP-CKTK4HVPCCPKEGF', undefined],
    ['KUBE-SEP-CKTK4HVPCCPKEGF0', undefined],
    ['KUBE-SERVICES-CKTK4HVPCCPKEGFT', undefined],
    ['KUBE-HOSTPORTS', undefined],
    ['constructor', undefined],
  ])('%s: %s', (name, known) => {
    expect(knownChain(name)?.name).toBe(known);
  });
});
