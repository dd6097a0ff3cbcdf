import { describe, expect, test } from 'vitest';
import type { NftMatch } from '../../../src/lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../src/lang/nftables/expressions/statement.ts';
import { readNftRule } from '../../../src/lang/nftables/read/read-rule.ts';
import type { NftRule } from '../../../src/lang/nftables/ruleset.ts';
import type { IPFamily } from '../../../src/model/cluster.ts';

const SETS = { clients: 'none', verdicts: 'verdict', endpoints: 'destination' } as const;

function read(text: string, family: IPFamily = 'IPv4'): NftRule {
  return readNftRule(text, {
    family,
    valuesOf: (name) => Object.entries(SETS).find(([known]) => known === name)?.[1],
  });
}

type Case<T> = readonly [text: string, read: readonly T[]];

const TCP: NftMatch = { kind: 'l4proto', protocol: 'tcp' };

function inSet(...keys: readonly (string | number)[]): NftMatch & { readonly kind: 'in-set' } {
  const elements = keys.map((key) => ({ key: [key] }));
  return { kind: 'in-set', fields: ['saddr'], set: { kind: 'anonymous', elements } };
}

const matches: readonly Case<NftMatch>[] = [
  ['ip saddr 10.0.0.1', [{ kind: 'address', field: 'saddr', cidr: '10.0.0.1' }]],
  ['ip daddr != 10.0.0.0/8', [{ kind: 'address', field: 'daddr', cidr: '10.0.0.0/8', negated: true }]],
  ['ip saddr { 10.0.0.1, 10.0.0.2 }', [inSet('10.0.0.1', '10.0.0.2')]],
  ['ip saddr 10.0.0.1-10.0.0.9', [inSet('10.0.0.1-10.0.0.9')]],
  [
    'ip saddr != @clients',
    [{ kind: 'in-set', fields: ['saddr'], set: { kind: 'named', name: 'clients' }, negated: true }],
  ],
  [
    'ip saddr . ip daddr @clients',
    [{ kind: 'in-set', fields: ['saddr', 'daddr'], set: { kind: 'named', name: 'clients' } }],
  ],
  ['meta l4proto sctp', [{ kind: 'l4proto', protocol: 'sctp' }]],
  ['meta l4proto 6', [TCP]],
  ['tcp dport 80', [{ kind: 'dport', protocol: 'tcp', port: 80 }]],
  ['tcp dport { 80, 443 }', [TCP, { ...inSet(80, 443), fields: ['dport'] }]],
  ['tcp dport != 80', [TCP, { ...inSet(80), fields: ['dport'], negated: true }]],
  ['th dport 53', [{ ...inSet(53), fields: ['dport'] }]],
  ['iifname "cni*"', [{ kind: 'in-interface', name: 'cni*' }]],
  ['iifname != "lo"', [{ kind: 'in-interface', name: 'lo', negated: true }]],
  ['meta mark & 0x00004000 != 0x00000000', [{ kind: 'mark', mask: 0x4000, value: 0, negated: true }]],
  ['meta mark 0x00000001', [{ kind: 'mark', mask: 0xffffffff, value: 1 }]],
  ['ct state established,related', [{ kind: 'ct-state', states: ['ESTABLISHED', 'RELATED'] }]],
  ['ct state != new', [{ kind: 'ct-state', states: ['NEW'], negated: true }]],
  ['ct status dnat', [{ kind: 'ct-status-dnat' }]],
  ['fib saddr type != local', [{ kind: 'local-address', field: 'saddr', negated: true }]],
];

const statements: readonly Case<NftStatement>[] = [
  ['goto service-ABCDEFGH-default/web/tcp/', [{ kind: 'goto', chain: 'service-ABCDEFGH-default/web/tcp/' }]],
  ['reject', [{ kind: 'reject' }]],
  ['reject with icmp port-unreachable', [{ kind: 'reject' }]],
  ['reject with tcp reset', [{ kind: 'reject', with: 'tcp reset' }]],
  ['masquerade fully-random', [{ kind: 'masquerade', randomFully: true }]],
  [
    'meta mark set meta mark | 0x00004000 accept',
    [{ kind: 'set-mark', operator: 'or', value: 0x4000 }, { kind: 'accept' }],
  ],
  [
    'update @clients { ip saddr timeout 2h30m }',
    [{ kind: 'update', set: 'clients', fields: ['saddr'], timeoutSeconds: 9000 }],
  ],
  ['dnat to 10.0.0.1:80', [{ kind: 'dnat', to: { kind: 'constant', to: { ip: '10.0.0.1', port: 80 } } }]],
  [
    'numgen random mod 2 vmap { 0 : drop, 1 : jump a }',
    [
      {
        kind: 'vmap',
        key: [{ kind: 'random', modulus: 2 }],
        map: {
          kind: 'anonymous',
          elements: [
            { key: [0], verdict: { kind: 'drop' } },
            { key: [1], verdict: { kind: 'jump', chain: 'a' } },
          ],
        },
      },
    ],
  ],
  [
    'ip daddr . meta l4proto . th dport vmap @verdicts',
    [{ kind: 'vmap', key: ['daddr', 'l4proto', 'dport'], map: { kind: 'named', name: 'verdicts' } }],
  ],
];

describe('what is asked', () => {
  test.each(matches)('%s', (text, wanted) => {
    expect(read(text)).toEqual({ matches: wanted, statements: [] });
  });

  test('addresses of IPv6, whatever their spelling', () => {
    expect(read('ip6 saddr != FD00::0:1', 'IPv6').matches).toEqual([
      { kind: 'address', field: 'saddr', cidr: 'fd00::1', negated: true },
    ]);
  });
});

describe('what is done', () => {
  test.each(statements)('%s', (text, wanted) => {
    expect(read(text)).toEqual({ matches: [], statements: wanted });
  });

  test('a map of ports of one protocol asks for it', () => {
    const key = ['daddr', 'dport', { kind: 'random', modulus: 3 }];
    expect(read('dnat ip to ip daddr . tcp dport . numgen random mod 3 map @endpoints')).toEqual({
      matches: [TCP],
      statements: [
        {
          kind: 'dnat',
          to: { kind: 'map', key, protocol: 'tcp', map: { kind: 'named', name: 'endpoints' } },
        },
      ],
    });
  });

  test('IPv6', () => {
    expect(read('dnat to [fd00::1]:80', 'IPv6').statements).toEqual([
      { kind: 'dnat', to: { kind: 'constant', to: { ip: 'fd00::1', port: 80 } } },
    ]);
  });
});

describe('what does nothing with packets', () => {
  test.each([
    'counter drop',
    'counter packets 3 bytes 180 drop',
    'counter name "dropped" drop',
    'log prefix "a } drop" level debug drop',
  ])('%s', (text) => {
    expect(read(text)).toEqual({ matches: [], statements: [{ kind: 'drop' }] });
  });

  test('a comment', () => {
    expect(read('drop comment "why, accept"')).toMatchObject({ comment: 'why, accept' });
  });
});

describe('what is not understood', () => {
  test.each([
    ['ct state new limit rate 5/second burst 5 packets drop', 'limit rate 5/second burst 5 packets', 'drop'],
    ['iifname { "eth0", "eth1" } accept', 'iifname { "eth0", "eth1" }', 'accept'],
    ['ip saddr @elsewhere drop', 'ip saddr @elsewhere', 'drop'],
    ['tcp dport 80-90 reject', 'tcp dport 80-90', 'reject'],
    ['ip6 saddr fd00::1 drop', 'ip6 saddr fd00::1', 'drop'],
    ['meta l4proto { tcp, udp', 'meta l4proto { tcp, udp', undefined],
  ])('%s', (text, unknown, verdict) => {
    const { matches: asked, statements: done } = read(text);
    if (verdict === undefined)
      expect({ asked, done }).toEqual({ asked: [], done: [{ kind: 'unknown', text: unknown }] });
    else {
      expect(asked.at(-1)).toEqual({ kind: 'unknown', text: unknown });
      expect(done).toEqual([{ kind: verdict }]);
    }
  });

  test.each([
    'redirect to :8080',
    'dnat to 10.0.0.1-10.0.0.9',
    'dnat to 10.0.0.1:http',
    'dnat to 10.0.0.1:80 persistent',
    'snat to 10.0.0.1',
    'meta mark set ct mark accept',
    'ct state vmap { new : accept }',
    'ip daddr vmap @clients',
    'numgen random mod 2 offset 1 vmap { 1 : drop }',
    'numgen random mod 4000000000 vmap { 1 : drop }',
    'numgen random mod 0 vmap { 1 : drop }',
    'numgen inc mod 2 vmap { 1 : drop }',
    'queue num 1',
    'drop "',
    '"drop"',
  ])('%s: nothing is guessed of what it does', (text) => {
    expect(read(text)).toEqual({ matches: [], statements: [{ kind: 'unknown', text }] });
  });

  test('what is asked after something is done', () => {
    expect(read('update @clients { ip saddr } ip daddr 10.0.0.1 drop').statements.at(-1)).toEqual({
      kind: 'unknown',
      text: 'ip daddr 10.0.0.1 drop',
    });
  });
});
