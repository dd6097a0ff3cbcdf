import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRuleset } from '../../src/lang/nftables/read/read-ruleset.ts';
import type { ListedSet, ListedTable } from '../../src/lang/nftables/ruleset.ts';
import { listedParts, wantedParts } from '../../src/lang/nftables/table-parts.ts';
import { checklistOfLines } from '../../src/lang/text/checklist.ts';
import type { NodeState } from '../../src/model/node-state.ts';
import type { RuleLayout } from '../../src/model/proxy-config.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { dumpFirewall } from '../../src/modes/dump/node-dump.ts';
import { nftablesChanges, nftablesMode } from '../../src/modes/nftables.ts';
import { nftablesDrift } from '../../src/modes/nftables-drift.ts';
import { OWN_NAMES } from '../../src/render/nftables/known-names.ts';
import { buildTable, hasTable } from '../../src/render/nftables/render.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { arbitraryVersion } from '../support/arbitrary-version.ts';
import { listedText } from '../support/listed-text.ts';
import { shareOf } from '../support/share.ts';
import { arbitraryNode, type NodeCase } from '../support/walk/arbitrary-node.ts';
import { describeWays } from '../support/walk/describe-ways.ts';
import { hostOf, packets } from '../support/walk/packets.ts';
import { waysOf } from '../support/walk/ways-of.ts';

const LAYOUTS = ['compact', 'kube-proxy'] as const;

/** A node of any version. */
const arbitraryVersionedNode = fc.tuple(arbitraryNode, arbitraryVersion).map(([node, kubernetes]) => ({
  ...node,
  config: { ...node.config, kubernetes },
}));

function stateOf({ network, cluster, config }: NodeCase): NodeState {
  return resolve(cluster, { config: { ...config, mode: 'nftables' }, family: network.family }).state;
}

function driftOf(text: string, state: NodeState, layout: RuleLayout) {
  const { ruleset, diagnostics } = readRuleset(sourceText('node', text), OWN_NAMES);
  expect(diagnostics).toEqual([]);
  return nftablesDrift(ruleset.tables, state, layout);
}

/** A rule, or an element on a line of its own. */
const EDITABLE = /^\t\t(?!type|typeof|flags|timeout|comment|elements|\})/;

/** What makes another rule or element of one. */
const CHANGES: readonly ((line: string) => string)[] = [
  (line) => line.replace(/\bgoto /, 'jump '),
  (line) => line.replace(/\bgoto /, 'goto other-'),
  (line) => line.replace(/\b(10\.244\.1\.|fd00:244::)(?=[0-9a-f])/, '$19'),
  (line) => line.replace(/\bjump (\S+)/, 'goto $1'),
  (line) => line.replace(/\breject$/, 'drop'),
  (line) => line.replace(/\bdrop\b/, 'accept'),
  (line) => line.replace('!= ', ''),
  (line) => line.replace(/^(\s+ip6? [sd]addr) (?=[0-9a-f])/, '$1 != '),
  (line) => line.replace(/:8080$/, ':8081'),
  (line) => line.replace(/mod (\d+)/, (_, count) => `mod ${Number(count) + 1}`),
  (line) => line.replace(/\. (\d+)(?=,?$| :)/, (_, port) => `. ${Number(port) + 1}`),
  (line) => line.replace('0x00004000', '0x00008000'),
  (line) => line.replace(/\btcp\b/, 'sctp'),
  (line) => line.replace(/ct state new /, ''),
  (line) => line.replace(/@\S+/, '@hairpin'),
  (line) => line.replace(/^(\t\t)(?=[a-z].*(?:@|accept|drop|goto|jump))/, '$1tcp flags syn '),
];

interface Edit {
  readonly at: number;
  readonly how: 'delete' | 'double' | 'change' | 'swap';
}

const edits: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('delete', 'double', 'change', 'swap'),
});

/** What an element has before its value, if it has one. */
function keyOf(line: string): string | undefined {
  return line.replace(/,$/, '').split(' : ')[0];
}

/** undefined: there is nothing of the kind. */
function edited(text: string, { at, how }: Edit): string | undefined {
  const lines = text.split('\n');
  const editable = [...lines.keys()].filter((index) => EDITABLE.test(lines[index] ?? ''));
  const place = editable[at % editable.length];
  const line = lines[place ?? -1];
  if (place === undefined || line === undefined) return undefined;
  if (how === 'change') {
    const changed = CHANGES.map((change) => change(line)).filter((other) => other !== line);
    const other = changed[at % changed.length];
    // nft lists no element twice.
    const isTwice =
      other?.startsWith('\t\t\t') &&
      lines.some((each, index) => index !== place && keyOf(each) === keyOf(other));
    return other === undefined || isTwice ? undefined : lines.with(place, other).join('\n');
  }
  if (how === 'delete') return lines.toSpliced(place, 1).join('\n');
  // Only rules can be there twice, and have an order.
  if (line.startsWith('\t\t\t')) return undefined;
  if (how === 'double') return lines.toSpliced(place, 0, line).join('\n');
  const next = lines[place + 1] ?? '';
  if (!EDITABLE.test(next) || next === line) return undefined;
  return lines
    .with(place, next)
    .with(place + 1, line)
    .join('\n');
}

test.each(LAYOUTS)('layout %s: what is rendered has no drift, and any change of it is found', (layout) => {
  let changed = 0;
  fc.assert(
    fc.property(arbitraryVersionedNode, fc.array(edits, { minLength: 5, maxLength: 5 }), (node, all) => {
      const state = stateOf(node);
      const text = listedText(state, layout);
      expect(driftOf(text, state, layout)).toEqual([]);
      for (const edit of all) {
        const other = edited(text, edit);
        if (other === undefined) continue;
        changed += 1;
        const drift = driftOf(other, state, layout);
        expect({ edit, other, parts: drift.length }).toMatchObject({ parts: 1 });
        expect(drift.flatMap(({ lacks, has }) => [...lacks, ...has]).length).toBeLessThanOrEqual(2);
      }
    }),
    { numRuns: shareOf(100) },
  );
  expect(changed).toBeGreaterThan(shareOf(200));
});

/** With elements in another order, and some with a neighbour in their line, as nft prints those of short sets. */
function rearranged(text: string, seed: number): string {
  const isJoined = (index: number) => (index * 7 + seed) % 3 === 0;
  return text.replace(/elements = \{\n([\s\S]*?)\n\t\t\}/g, (_, list: string) => {
    const elements = list.split(',\n').map((each) => each.trim());
    const start = seed % elements.length;
    const turned = [...elements.slice(start), ...elements.slice(0, start)].reverse();
    const joined = turned.map((each, index) =>
      index === 0 ? each : `,${isJoined(index) ? ' ' : '\n\t\t\t     '}${each}`,
    );
    return `elements = { ${joined.join('')} }`;
  });
}

/** The same table, whose elements are told one by one. */
function withoutIndex(table: ListedTable): ListedTable {
  const sets = [...table.sets].map(([name, set]): [string, ListedSet] => {
    const { contents } = set;
    if (contents === undefined) return [name, set];
    return [name, { ...set, contents: { ...contents, checklist: () => checklistOfLines(contents.lines) } }];
  });
  return { ...table, sets: new Map(sets) };
}

test.each(LAYOUTS)('layout %s: elements are told by an index as they are one by one', (layout) => {
  let differing = 0;
  fc.assert(
    fc.property(
      fc.tuple(arbitraryVersionedNode, arbitraryVersionedNode),
      fc.nat(),
      edits,
      ([one, other], seed, edit) => {
        const [had, state] = [stateOf(one), stateOf({ ...other, network: one.network })];
        const text = listedText(seed % 2 === 0 ? had : state, layout);
        const { ruleset } = readRuleset(
          sourceText('node', rearranged(edited(text, edit) ?? text, seed)),
          OWN_NAMES,
        );
        const plain = ruleset.tables.map(withoutIndex);
        const drift = nftablesDrift(ruleset.tables, state, layout);
        expect(drift).toEqual(nftablesDrift(plain, state, layout));
        expect(nftablesChanges(ruleset.tables, state, layout)).toEqual(nftablesChanges(plain, state, layout));
        if (drift.some(({ part, has }) => part !== undefined && has.length > 0)) differing += 1;
      },
    ),
    { numRuns: shareOf(60) },
  );
  expect(differing).toBeGreaterThan(shareOf(5));
});

test.each(LAYOUTS)('layout %s: rules do what is wanted in the words of any nft', (layout) => {
  fc.assert(
    fc.property(arbitraryVersionedNode, (node) => {
      const state = stateOf(node);
      if (!hasTable(state, layout)) return;
      const wanted = [...wantedParts(buildTable(state, layout))].filter(({ kind }) => kind === 'chain');
      const text = listedText(state, layout).replaceAll(' addr . port to ', ' to ');
      const listed = listedParts(readRuleset(sourceText('node', text), OWN_NAMES).ruleset.tables[0]);
      for (const { name, lines } of wanted) {
        const [has, wants] = [[...(listed.find('chain', name)?.lines ?? [])], [...lines]];
        expect(has.map((line) => line.text)).toEqual(wants.map((line) => line.listed ?? line.text));
        expect(has.map(({ key }) => key())).toEqual(wants.map(({ key }) => key()));
      }
    }),
    { numRuns: shareOf(20) },
  );
});

test.each(LAYOUTS)('layout %s: what is rendered is followed as what was built', (layout) => {
  fc.assert(
    fc.property(arbitraryVersionedNode, (node) => {
      const { network } = node;
      const state = stateOf(node);
      const { ruleset } = readRuleset(sourceText('node', listedText(state, layout)), OWN_NAMES);
      const host = hostOf(network);
      const built = nftablesMode.firewall(state, { mode: 'nftables', layout }, host);
      const listed = dumpFirewall({ kind: 'listed', ruleset }, network.family, host);
      for (const packet of packets(state, network)) {
        expect(describeWays(waysOf(listed, host, packet))).toEqual(describeWays(waysOf(built, host, packet)));
      }
    }),
    { numRuns: shareOf(30) },
  );
});

test.each(LAYOUTS)('layout %s: a chain, set or map that is gone', (layout) => {
  fc.assert(
    fc.property(arbitraryVersionedNode, fc.nat(), (node, at) => {
      const state = stateOf(node);
      const text = listedText(state, layout);
      const blocks = [...text.matchAll(/^\t(?:chain|set|map) (\S+) \{$[\s\S]*?^\t\}\n/gm)];
      const block = blocks[at % blocks.length];
      const [all = '', name] = block ?? [];
      const drift = driftOf(text.replace(all, ''), state, layout);
      // Rules that use a set which is not there are not understood.
      expect(drift.find((each) => each.name === name)).toMatchObject({ kind: 'missing' });
    }),
    { numRuns: shareOf(60) },
  );
});
