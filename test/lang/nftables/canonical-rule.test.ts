import { describe, expect, test } from 'vitest';
import type { NftMatch } from '../../../src/lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../src/lang/nftables/expressions/statement.ts';
import { canonicalNftRule } from '../../../src/lang/nftables/table-parts.ts';
import { notFrom } from '../../../src/render/nftables/expressions.ts';

function canonical(matches: readonly NftMatch[], statements: readonly NftStatement[] = []) {
  return canonicalNftRule({ matches, statements });
}

function sourcesOf(match: NftMatch | undefined): readonly unknown[] {
  if (match?.kind === 'address') return [match.cidr];
  if (match?.kind !== 'in-set' || match.set.kind === 'named') return [];
  return match.set.elements.map(({ key }) => key[0]);
}

describe('a list of addresses', () => {
  test.each([
    [['10.0.0.1'], ['10.0.0.1']],
    [['10.0.0.1/32'], ['10.0.0.1']],
    [['10.0.0.0/8', '10.1.0.0/16'], ['10.0.0.0/8']],
    [['10.128.0.0/9', '10.0.0.0/9'], ['10.0.0.0/8']],
    [['10.0.2.0/24', '10.0.0.0/24', '10.0.1.0/24'], ['10.0.0.0-10.0.2.255']],
    [['10.0.0.0-10.0.1.255', '10.0.2.0/24'], ['10.0.0.0-10.0.2.255']],
    [
      ['10.0.1.0/24', '10.0.3.0/24'],
      ['10.0.1.0/24', '10.0.3.0/24'],
    ],
    [['0.0.0.0/0', '10.0.0.1'], ['0.0.0.0/0']],
    [['fd00::/127', 'fd00::2'], ['fd00::-fd00::2']],
    [['fd00::1/128'], ['fd00::1']],
  ])('%j is %j', (sources, merged) => {
    const [match] = canonical([notFrom(sources)]).matches;
    expect(sourcesOf(match)).toEqual(merged);
    expect(match).toMatchObject({ negated: true });
  });
});

test('elements have one order, numbers that of numbers', () => {
  const elements = [10, 9, 2].map((key) => ({ key: [key], verdict: { kind: 'drop' } as const }));
  const vmap: NftStatement = {
    kind: 'vmap',
    key: [{ kind: 'random', modulus: 11 }],
    map: { kind: 'anonymous', elements },
  };
  expect(canonical([], [vmap]).statements).toMatchObject([
    { map: { elements: [{ key: [2] }, { key: [9] }, { key: [10] }] } },
  ]);
});

test('the protocol of a port is asked for without saying so', () => {
  const tcp: NftMatch = { kind: 'l4proto', protocol: 'tcp' };
  const translate = (protocol: 'tcp' | undefined): NftStatement => ({
    kind: 'dnat',
    to: {
      kind: 'map',
      key: ['daddr', 'dport'],
      map: { kind: 'named', name: 'endpoints' },
      ...(protocol === undefined ? {} : { protocol }),
    },
  });
  expect(canonical([tcp], [translate('tcp')]).matches).toEqual([]);
  expect(canonical([tcp], [translate(undefined)]).matches).toEqual([tcp]);
});
