import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NEWEST_KUBERNETES, parseKubernetesVersion } from '../../../src/kubernetes/versions.ts';
import { printMapType, printSetType } from '../../../src/lang/nftables/elements/set-type.ts';
import { printHook } from '../../../src/lang/nftables/hook.ts';
import { l4Protocol } from '../../../src/lang/packet/l4-protocol.ts';
import type { IPFamily } from '../../../src/model/cluster.ts';
import type { NftablesFacts } from '../../../src/model/kubernetes-version.ts';
import type { RuleLayout } from '../../../src/model/proxy-config.ts';
import { chainNamed, mapNamed, setNamed } from '../../../src/render/nftables/known-names.ts';
import { renderNftables } from '../../../src/render/nftables/render.ts';
import {
  NFT_CHAINS,
  NFT_MAPS,
  NFT_SETS,
  TABLE_NAME,
  type VocabularyRow,
} from '../../../src/render/nftables/vocabulary.ts';
import { resolve } from '../../../src/resolve/proxy/resolve.ts';
import { arbitraryVersion } from '../../support/arbitrary-version.ts';
import { arbitraryNode } from '../../support/walk/arbitrary-node.ts';

const LAYOUTS: readonly RuleLayout[] = ['compact', 'kube-proxy'];

/** Text for `nft -f`, and the layout that it is in. */
interface Emitted {
  readonly layout: RuleLayout;
  readonly facts: NftablesFacts;
  readonly text: string;
}

interface Part {
  readonly family: IPFamily;
  readonly kind: string;
  readonly name: string;
  /** What it is declared as: `type …`. */
  readonly type: string | undefined;
}

/** Tables, and the chains, sets and maps in them. */
function* partsOf(text: string): Generator<Part> {
  let family: IPFamily = 'IPv4';
  for (const [, table, name, kind, part, type] of text.matchAll(
    /^table (ip6?) (\S+) \{$|^\t(chain|set|map) (\S+) \{\n(?:\t\t(type .*|typeof .*)\n)?/gm,
  )) {
    if (table !== undefined) {
      family = table === 'ip6' ? 'IPv6' : 'IPv4';
      expect(name).toBe(TABLE_NAME);
    } else if (kind !== undefined && part !== undefined) yield { family, kind, name: part, type };
  }
}

/** The row of a part, and what it declares by that. */
function rowOf({ family, kind, name }: Part, { layout, facts }: Emitted) {
  if (kind === 'chain') {
    const row = chainNamed(name);
    const hook = row?.hooks?.[layout === 'compact' ? layout : facts.baseChains];
    return { row, type: hook === undefined ? undefined : printHook(hook) };
  }
  if (kind === 'set') {
    const row = setNamed(name);
    return { row, type: row === undefined ? undefined : printSetType(row.fields, family) };
  }
  const row = mapNamed(name);
  const protocol = row?.isPrefix === true ? l4Protocol(name.slice(row.name.length)) : undefined;
  const owned = protocol === undefined ? {} : { protocol };
  return { row, type: row === undefined ? undefined : printMapType({ ...row, ...owned }, family) };
}

/** Every part is in the vocabulary, as the layout has it. @returns the rows and layouts that are used */
function check(emitted: Emitted): ReadonlySet<string> {
  const { layout, facts, text } = emitted;
  const used = new Set<string>();
  for (const part of partsOf(text)) {
    const { row, type } = rowOf(part, emitted);
    expect({ ...part, in: row?.in ?? [] }).toEqual({ ...part, type, in: expect.arrayContaining([layout]) });
    if (layout === 'kube-proxy') expect({ part, facts }).toEqual({ part, facts: { ...facts, ...row?.when } });
    used.add(`${part.kind} ${row?.name} ${layout}`);
  }
  return used;
}

/** Of the newest one, when the text names none. */
function factsOf(version: string): NftablesFacts {
  return (parseKubernetesVersion(version) ?? NEWEST_KUBERNETES).proxy.nftables;
}

const fixtures = readdirSync('fixtures/valid').flatMap((name) => {
  const dir = join('fixtures/valid', name);
  const commands: Readonly<Record<string, readonly string[]>> = JSON.parse(
    readFileSync(join(dir, 'case.json'), 'utf8'),
  );
  return Object.entries(commands)
    .filter(([, argv]) => argv.includes('nftables'))
    .map(([file, argv]) => ({
      facts: factsOf(argv[argv.indexOf('--kubernetes-version') + 1] ?? ''),
      path: join(dir, 'expected', `${file}.txt`),
      layout: argv.includes('kube-proxy') ? ('kube-proxy' as const) : ('compact' as const),
    }));
});

function emittedIn({ path, layout, facts }: (typeof fixtures)[number]): Emitted {
  return { layout, facts, text: readFileSync(path, 'utf8') };
}

test.each(fixtures)('nothing is in $path that the vocabulary does not have', (fixture) => {
  expect(check(emittedIn(fixture)).size).toBeGreaterThan(0);
});

test('builders make what is in the vocabulary, and nothing else', () => {
  // What is rare among random nodes (service ports at one clusterIP, with other ports at their endpoints) is in the fixtures.
  const used = new Set(fixtures.flatMap((fixture) => [...check(emittedIn(fixture))]));
  fc.assert(
    fc.property(arbitraryNode, arbitraryVersion, ({ network: { family }, cluster, config }, kubernetes) => {
      const { state } = resolve(cluster, { config: { ...config, kubernetes }, family });
      for (const layout of LAYOUTS) {
        const text = [...renderNftables([state], layout)].join('');
        for (const each of check({ layout, facts: state.proxy.nftables, text })) used.add(each);
      }
    }),
    { numRuns: 200 },
  );
  const parts = { chain: NFT_CHAINS, set: NFT_SETS, map: NFT_MAPS };
  const wanted = Object.entries(parts).flatMap(([kind, rows]) =>
    Object.values<VocabularyRow>(rows).flatMap(({ name, in: layouts, isGated }) =>
      LAYOUTS.filter((layout) => layouts.includes(layout) && isGated !== true).map(
        (layout) => `${kind} ${name} ${layout}`,
      ),
    ),
  );
  expect([...used].sort()).toEqual(wanted.sort());
});
