import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuleset } from '../../src/lang/nftables/read/read-ruleset.ts';
import type { ListedTable } from '../../src/lang/nftables/ruleset.ts';
import type { RuleLayout } from '../../src/model/proxy-config.ts';
import { sourceText } from '../../src/model/source-text.ts';
import { nftablesChanges } from '../../src/modes/nftables.ts';
import { OWN_NAMES } from '../../src/render/nftables/known-names.ts';
import { renderNftables } from '../../src/render/nftables/render.ts';
import { resolve } from '../../src/resolve/proxy/resolve.ts';
import { inMode } from '../support/cluster.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { arbitraryChange } from '../support/walk/arbitrary-change.ts';
import type { NodeCase } from '../support/walk/arbitrary-node.ts';

const RUNS = 80;
const REMOVAL = ['ip', 'ip6']
  .map((family) => `add table ${family} kube-proxy\ndelete table ${family} kube-proxy\n`)
  .join('');
const COMPACT = { was: 'compact', is: 'compact', isBare: false } as const;
const KUBE_PROXY = { was: 'kube-proxy', is: 'kube-proxy', isBare: false } as const;
/** Most nodes keep their layout. */
const path = fc.constantFrom(
  ...[COMPACT, COMPACT, COMPACT, KUBE_PROXY, KUBE_PROXY],
  { ...COMPACT, isBare: true },
  { ...COMPACT, is: 'kube-proxy' } as const,
  { ...KUBE_PROXY, is: 'compact' } as const,
);

describeKernel('what differs from the tables that a node has', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('current-nftables');
  });
  afterAll(() => host?.stop());

  async function load(...texts: readonly string[]): Promise<void> {
    for (const text of texts) if (text !== '') await host.must(['nft', '-f', '-'], text);
  }

  async function list(): Promise<readonly ListedTable[]> {
    const { ruleset, diagnostics } = readRuleset(
      sourceText('listed', await host.must(['nft', 'list', 'ruleset'])),
      OWN_NAMES,
    );
    if (diagnostics.some(({ code }) => code !== 'saved-rules-given'))
      throw new Error(JSON.stringify(diagnostics));
    return ruleset.tables;
  }

  test('makes of them what the whole text would have made', async () => {
    const kinds = { same: 0, parts: 0, whole: 0 };
    const property = fc.asyncProperty(
      arbitraryChange,
      path,
      async ({ before, after }, { was, is, isBare }) => {
        const [old, now] = [stateOf(before), stateOf(after)];
        await load(REMOVAL, renderWhole(now, is));
        const wanted = contentsOf(await list());
        await load(REMOVAL, isBare ? '' : renderWhole(old, was));
        const changes = nftablesChanges(await list(), now, is).join('');
        await load(changes);
        const kind = changes === '' ? 'same' : /^(?:delete|flush) table /m.test(changes) ? 'whole' : 'parts';
        kinds[kind] += 1;
        const rest = nftablesChanges(await list(), now, is);
        // A text that loads all of a table leaves only chains behind, and those without rules.
        const left = kind === 'whole' ? /^delete chain / : /^delete (?:chain|set|map) /;
        expect(rest.filter((line) => !left.test(line))).toEqual([]);
        await load(rest.join(''));
        expect(contentsOf(await list())).toEqual(wanted);
        // What is emptied goes with the changes after that.
        await load(nftablesChanges(await list(), now, is).join(''));
        expect(nftablesChanges(await list(), now, is)).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
    expect(kinds.parts).toBeGreaterThan(RUNS / 4);
  });
});

function stateOf({ network, cluster, config }: NodeCase) {
  return resolve(cluster, { config: inMode(config, 'nftables'), family: network.family }).state;
}

function renderWhole(state: ReturnType<typeof stateOf>, layout: RuleLayout): string {
  return [...renderNftables([state], layout)].join('');
}

/** What tables hold; the order of elements, chains and sets is no matter, nor is what is empty. */
function contentsOf(tables: readonly ListedTable[]) {
  return tables.map(({ family, chains, sets }) => ({
    family,
    chains: [...chains.values()]
      .map(({ name, hook, rules }) => ({ name, hook, rules: Array.from(rules, ({ text }) => text) }))
      .filter(({ hook, rules }) => hook !== undefined || rules.length > 0)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    sets: [...sets.values()]
      .map(({ name, type, timeoutSeconds, contents }) => ({
        name,
        type,
        timeoutSeconds,
        elements: Array.from(contents?.elements ?? [], ({ text }) => text).toSorted(),
      }))
      .filter(({ elements }) => elements.length > 0)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}
