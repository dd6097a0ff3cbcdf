import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bigIntToIP } from '../../../src/model/ip.ts';
import {
  addressLabel,
  fitsDNS,
  parseClusterDomain,
  reverseName,
} from '../../../src/render/dns/domain-names.ts';

describe('cluster domains', () => {
  test.each([
    ['cluster.local', 'cluster.local'],
    ['cluster.local.', 'cluster.local'],
    ['Cluster.LOCAL', 'cluster.local'],
    ['x', 'x'],
    ['a-1.b2', 'a-1.b2'],
    [`${'a'.repeat(63)}.b`, `${'a'.repeat(63)}.b`],
  ])('%s', (text, expected) => {
    expect(parseClusterDomain(text)).toBe(expected);
  });

  test.each([
    '',
    '.',
    '..',
    'a..b',
    '.a',
    'a b',
    'a\nb',
    'cluster.local..',
    '-a.b',
    'a-.b',
    'a_b',
    'a;b',
    '$ORIGIN',
    'ä.de',
    `${'a'.repeat(64)}.b`,
    Array(125).fill('a').join('.'),
  ])('%j is none', (text) => {
    expect(parseClusterDomain(text)).toBeUndefined();
  });
});

test.each([
  ['10.244.1.5', '10-244-1-5'],
  ['fd00:10:244::5', 'fd00-10-244--5'],
  ['::5', '0--5'],
  ['fd00::', 'fd00--0'],
])('label of %s: %s', (ip, label) => {
  expect(addressLabel(ip)).toBe(label);
});

test('labels of addresses are host names, and distinct', () => {
  const ipv6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
  const sparse = fc.array(fc.constantFrom(0n, 1n, 255n), { minLength: 8, maxLength: 8 });
  const grouped = sparse.map((groups) => groups.reduce<bigint>((sum, group) => (sum << 16n) | group, 0n));
  const numbers = fc.oneof(ipv6, grouped);
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [labelA, labelB] = [addressLabel(bigIntToIP(a, 'IPv6')), addressLabel(bigIntToIP(b, 'IPv6'))];
      expect(labelA).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
      expect(labelA === labelB).toBe(a === b);
    }),
  );
});

describe('reverse names', () => {
  test('IPv4: a zone for each /24', () => {
    expect(reverseName('10.244.1.5')).toMatchObject({
      zone: '1.244.10.in-addr.arpa',
      name: '5.1.244.10.in-addr.arpa',
    });
  });

  test('IPv6: a zone for each /64', () => {
    expect(reverseName('fd00:10:96::7')).toMatchObject({
      zone: '0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa',
      name: '7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.1.0.0.0.0.d.f.ip6.arpa',
    });
  });

  test('keys sort as numbers do', () => {
    const keys = ['10.0.0.2', '10.0.0.10', '10.0.1.1', '192.0.2.1'].map((ip) => reverseName(ip).key);
    expect(keys).toEqual([...keys].sort());
  });
});

test('what fits', () => {
  expect(fitsDNS(`${'a'.repeat(63)}.b`)).toBe(true);
  expect(fitsDNS(`${'a'.repeat(64)}.b`)).toBe(false);
  expect(fitsDNS(Array(127).fill('a').join('.'))).toBe(true);
  expect(fitsDNS(Array(128).fill('a').join('.'))).toBe(false);
});
