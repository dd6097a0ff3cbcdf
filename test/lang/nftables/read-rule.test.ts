import { describe, expect, test } from 'vitest';
import type { NftField } from '../../../src/lang/nftables/elements/field.ts';
import { type NftMatch, prepareMatch } from '../../../src/lang/nftables/expressions/match.ts';
import type { NftStatement } from '../../../src/lang/nftables/expressions/statement.ts';
import { readNftRule } from '../../../src/lang/nftables/read/read-rule.ts';
import type { NftRule } from '../../../src/lang/nftables/ruleset.ts';
import { loadTable } from '../../../src/lang/nftables/walk/load-table.ts';
import { plainHost } from '../../../src/lang/packet/host.ts';
import { NO_INTERFACE, type Packet } from '../../../src/lang/packet/packet.ts';
import type { IPFamily } from '../../../src/model/cluster.ts';

const SETS = { clients: 'none', verdicts: 'verdict', endpoints: 'destination', pods: 'address' } as const;

function read(text: string, family: IPFamily = 'IPv4'): NftRule {
  return readNftRule(text, {
    family,
    valuesOf: (name) => Object.entries(SETS).find(([known]) => known === name)?.[1],
  });
}

const NO_SETS = loadTable({ name: 'filter', sets: [], maps: [], chains: [] });

const PACKET: Packet = {
  family: 'IPv4',
  protocol: 'tcp',
  source: '10.0.0.1',
  destination: '10.96.0.1',
  port: 80,
  inInterface: NO_INTERFACE,
  outInterface: NO_INTERFACE,
  mark: 0,
};

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
  [
    'dnat to ip daddr . numgen random mod 3 map @pods:8080',
    [
      {
        kind: 'dnat',
        to: {
          kind: 'address-map',
          key: ['daddr', { kind: 'random', modulus: 3 }],
          map: 'pods',
          port: 8080,
        },
      },
    ],
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

const ONE_OF = (field: NftField, ...keys: readonly (string | number)[]): NftMatch => ({
  kind: 'in-set',
  fields: [field],
  set: { kind: 'anonymous', elements: keys.map((key) => ({ key: [key] })) },
});

/** What nft prints of rules that others have made. */
const ofOthers: readonly Case<NftMatch>[] = [
  ['iifname { "eth0", "cni*" }', [ONE_OF('iifname', 'eth0', 'cni*')]],
  ['oifname != "eth0"', [{ kind: 'out-interface', name: 'eth0', negated: true }]],
  ['oif "lo"', [{ kind: 'out-interface', name: 'lo', byIndex: true }]],
  ['tcp dport 30000-32767', [TCP, ONE_OF('dport', '30000-32767')]],
  ['tcp dport >= 1024', [TCP, ONE_OF('dport', '1024-65535')]],
  ['tcp sport 80', [TCP, ONE_OF('sport', 80)]],
  ['ct state { new, untracked }', [ONE_OF('ct-state', 'new', 'untracked')]],
  ['ct mark & 0x0000000f == 0x00000001', [{ kind: 'mark', mask: 15, value: 1, isOfConnection: true }]],
  ['meta mark { 0x00000001, 0x00000002 }', [ONE_OF('mark', 1, 2)]],
  ['meta nfproto ipv4', [ONE_OF('nfproto', 'ipv4')]],
  ['ip protocol tcp', [TCP]],
  ['ip6 daddr fe80::/10 udp dport 546', [ONE_OF('nfproto', 'ipv6')]],
  ['icmp type { echo-request, destination-unreachable }', [ONE_OF('l4proto', 'icmp')]],
  [
    'fib daddr type { local, broadcast }',
    [{ kind: 'local-address', field: 'daddr', types: ['local', 'broadcast'] }],
  ],
  ['meta random & 2147483647 < 1073741824', [{ kind: 'chance', share: { numerator: 1n, denominator: 2n } }]],
  ['ct original ip daddr 10.96.0.1', [ONE_OF('original-daddr', '10.96.0.1')]],
  ['ct original proto-dst 80', [ONE_OF('original-dport', 80)]],
  ['numgen inc mod 3 0', [{ kind: 'chance', share: { numerator: 1n, denominator: 3n } }]],
  ['limit rate 5/minute log prefix "x"', [{ kind: 'unknown', text: 'limit rate 5/minute' }]],
];

/** As `nft -n` and `nft -S` print what they print with names and numbers otherwise. */
const spelledOtherwise: readonly (readonly [text: string, otherwise: string])[] = [
  ['ct state established,related accept', 'ct state 0x2,0x4 accept'],
  ['ct state { new, untracked } accept', 'ct state { 0x8, 0x40 } accept'],
  [
    'ct state vmap { invalid : drop, established : accept, new : continue }',
    'ct state vmap { 0x1 : drop, 0x2 : accept, 0x8 : continue }',
  ],
  ['ct status dnat accept', 'ct status 0x20 accept'],
  ['ct direction original accept', 'ct direction 0 accept'],
  ['fib daddr type { local, broadcast } accept', 'fib daddr type { 2, 3 } accept'],
  ['fib daddr type local accept', 'fib daddr type 2 accept'],
  ['fib daddr type vmap { local : accept }', 'fib daddr type vmap { 2 : accept }'],
  ['meta pkttype { broadcast, multicast } drop', 'meta pkttype { 1, 2 } drop'],
  ['meta l4proto vmap { tcp : drop, udp : accept }', 'meta l4proto vmap { 6 : drop, 17 : accept }'],
  ['meta nfproto ipv4 accept', 'meta nfproto 2 accept'],
  ['meta protocol ip6 accept', 'meta protocol 0x86dd accept'],
  ['tcp dport { 22, 80, 443 } accept', 'tcp dport { "ssh", "http", "https" } accept'],
  ['tcp dport 8080 accept', 'tcp dport "http-alt" accept'],
  ['dnat ip to 10.0.0.1:80', 'dnat ip to 10.0.0.1:"http"'],
  ['tcp dport 22-80 accept', 'tcp dport ssh-http accept'],
];

/** Bits of the first packet of a connection, whose destination is as it was. */
const bits: readonly (readonly [text: string, holds: boolean])[] = [
  ['tcp flags syn', true],
  ['tcp flags syn,ack', true],
  ['tcp flags ack', false],
  ['tcp flags == syn', true],
  ['tcp flags != syn', false],
  ['tcp flags ! syn', false],
  ['tcp flags ! fin,rst', true],
  ['tcp flags syn / fin,syn,rst,ack', true],
  ['tcp flags 0x2 / 0x1,0x2,0x4,0x10', true],
  ['tcp flags != syn / fin,syn,rst,ack', false],
  ['tcp flags & (fin | syn | rst | ack) == syn', true],
  ['tcp flags & (fin|syn|rst|ack) != syn', false],
  ['tcp flags & (fin | syn) == fin | syn', false],
  ['ct state ! invalid', true],
  ['ct state != established | new', true],
  ['ct state != established,related', true],
  ['ct status ! dnat', true],
  ['ct status != dnat', true],
  ['ct status snat,dnat', false],
  ['ct status 0x10,0x20', false],
];

const doneByOthers: readonly Case<NftStatement>[] = [
  ['dnat ip to 10.0.0.2', [{ kind: 'dnat', to: { kind: 'address', ip: '10.0.0.2' } }]],
  ['redirect to :80', [{ kind: 'redirect', port: 80 }]],
  ['snat ip to 1.1.1.1:1024-65535', [{ kind: 'snat', to: '1.1.1.1:1024-65535' }]],
  [
    'masquerade random,persistent',
    [{ kind: 'masquerade', randomFully: false, options: 'random , persistent' }],
  ],
  ['ct helper set "ftp" accept', [{ kind: 'aside', text: 'ct helper set "ftp"' }, { kind: 'accept' }]],
  [
    'dup to 10.9.9.9 device "eth1" accept',
    [{ kind: 'aside', text: 'dup to 10.9.9.9 device "eth1"' }, { kind: 'accept' }],
  ],
  [
    'add @seen { ip saddr timeout 1m } drop',
    [{ kind: 'aside', text: 'add @seen { ip saddr timeout 1m }' }, { kind: 'drop' }],
  ],
  ['notrack', [{ kind: 'notrack' }]],
  [
    'meta l4proto vmap { icmp : accept }',
    [
      {
        kind: 'vmap',
        key: ['l4proto'],
        map: { kind: 'anonymous', elements: [{ key: ['icmp'], verdict: { kind: 'accept' } }] },
      },
    ],
  ],
  [
    'meta mark set meta mark & 0x000001ff | 0x00000100',
    [{ kind: 'assign-mark', to: 'packet', from: 'packet', and: 0xff, or: 0x100, xor: 0 }],
  ],
  [
    'ct mark set meta mark',
    [{ kind: 'assign-mark', to: 'connection', from: 'packet', and: 0xffffffff, or: 0, xor: 0 }],
  ],
  [
    'meta mark set mark xor 0x4000',
    [{ kind: 'assign-mark', to: 'packet', from: 'packet', and: 0xffffffff, or: 0, xor: 0x4000 }],
  ],
  [
    'meta mark set 0x00000010',
    [{ kind: 'assign-mark', to: 'packet', from: 'nothing', and: 0xffffffff, or: 16, xor: 0 }],
  ],
];

describe('rules of others', () => {
  test.each(ofOthers)('%s', (text, wanted) => {
    expect(read(text)).toEqual({ matches: wanted, statements: [] });
  });

  test.each(doneByOthers)('%s', (text, wanted) => {
    expect(read(text)).toEqual({ matches: [], statements: wanted });
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

describe('the same with numbers for names, or names for numbers', () => {
  test.each(spelledOtherwise)('%s: %s', (text, otherwise) => {
    expect(read(otherwise)).toEqual(read(text));
    expect(JSON.stringify(read(text))).not.toContain('unknown');
  });
});

describe('bits', () => {
  const host = plainHost([]);
  test.each(bits)('%s: %s', (text, holds) => {
    const asked = read(`${text} drop`);
    expect(asked.statements).toEqual([{ kind: 'drop' }]);
    const tests = asked.matches.map((match) => prepareMatch(match, { sets: NO_SETS, host }));
    const answers = tests.map((each) => (each.kind === 'test' ? each.holds(PACKET) : each.kind));
    expect(answers.every((answer) => answer === true)).toBe(holds);
    expect(answers.every((answer) => typeof answer === 'boolean')).toBe(true);
  });

  test.each(bits.filter(([text]) => text.startsWith('tcp')))('of UDP, %s never holds', (text) => {
    const tests = read(`${text} drop`).matches.map((match) => prepareMatch(match, { sets: NO_SETS, host }));
    const udp = { ...PACKET, protocol: 'udp' } as const;
    expect(tests.some((each) => each.kind === 'test' && !each.holds(udp))).toBe(true);
  });
});

describe('what is not understood', () => {
  test.each([
    ['ct state new limit rate 5/second burst 5 packets drop', 'limit rate 5/second burst 5 packets', 'drop'],
    ['ip saddr @elsewhere drop', 'ip saddr @elsewhere', 'drop'],
    ['tcp dport 80-websm reject', 'tcp dport 80-websm', 'reject'],
    ['fib saddr . iif oif missing counter packets 1 bytes 60 drop', 'fib saddr . iif oif missing', 'drop'],
    ['xt match "set" return', 'xt match "set"', 'return'],
    ['# xt_set counter packets 1 bytes 60 return', 'xt match "set"', 'return'],
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
    'redirect to :websm',
    'dnat to 10.0.0.1-10.0.0.9',
    'dnat to 10.0.0.1:websm',
    'dnat to 10.0.0.1:80 persistent',
    'snat to ip saddr map @clients',
    'dnat to ip daddr map @endpoints:80',
    'dnat to ip daddr map @pods:80 persistent',
    'meta mark set jhash ip saddr mod 2 accept',
    'fib daddr . iif type vmap { local : accept }',
    'something new',
    'xt target "DNAT"',
    'ip daddr vmap @clients',
    'numgen random mod 2 offset 1 vmap { 1 : drop }',
    'numgen random mod 4000000000 vmap { 1 : drop }',
    'numgen random mod 0 vmap { 1 : drop }',
    'numgen inc mod 2 vmap { 1 : drop }',
    'drop "',
    '"drop"',
  ])('%s: nothing is guessed of what it does', (text) => {
    expect(read(text)).toEqual({ matches: [], statements: [{ kind: 'unknown', text }] });
  });

  test.each([
    ['queue num 1', { kind: 'queue', isBypassed: false }],
    ['queue flags bypass,fanout to 1-3', { kind: 'queue', isBypassed: true }],
    ['tproxy to :50080', { kind: 'proxy', port: '50080' }],
    ['tproxy ip to 127.0.0.1:15001', { kind: 'proxy', port: '15001' }],
    ['tproxy to 127.0.0.1', { kind: 'proxy', port: undefined }],
    ['synproxy mss 1460 wscale 7 timestamp sack-perm', { kind: 'handshake' }],
  ])('%s: what else decides is known', (text, to) => {
    expect(read(text)).toEqual({ matches: [], statements: [{ kind: 'handover', text, to }] });
  });

  test('what a proxy is told by marks stands behind it', () => {
    expect(read('tcp dport 80 tproxy to :50080 meta mark set 0x1 accept').statements).toMatchObject([
      { kind: 'handover', text: 'tproxy to :50080' },
    ]);
  });

  test.each([
    'update @seen { ip saddr timeout 10s limit rate over 10/second burst 5 packets }',
    'add @seen { ip saddr . tcp dport ct count over 20 }',
    'add @seen { ip saddr quota over 500 mbytes }',
  ])('%s: a set that counts asks something', (text) => {
    expect(read(`${text} drop`)).toEqual({
      matches: [{ kind: 'unknown', text }],
      statements: [{ kind: 'drop' }],
    });
  });

  test('what is asked of a socket ends where something is set', () => {
    expect(read('socket transparent 1 meta mark set 0x1 accept').matches).toEqual([
      { kind: 'unknown', text: 'socket transparent 1' },
    ]);
  });

  test('what another match follows that is', () => {
    expect(read('meta skuid 1000 ct state established drop').matches).toEqual([
      { kind: 'unknown', text: 'meta skuid 1000' },
      { kind: 'ct-state', states: ['ESTABLISHED'] },
    ]);
  });

  test('what only packets of a protocol have', () => {
    expect(read('udp length > 100 drop').matches).toEqual([
      { kind: 'l4proto', protocol: 'udp' },
      { kind: 'unknown', text: 'udp length > 100' },
    ]);
  });

  test('what is asked after something is done', () => {
    expect(read('update @clients { ip saddr } ip daddr 10.0.0.1 drop').statements.at(-1)).toEqual({
      kind: 'unknown',
      text: 'ip daddr 10.0.0.1 drop',
    });
  });
});
