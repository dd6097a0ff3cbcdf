import { describe, expect, test } from 'vitest';
import { printNftRule } from '../../../src/lang/nftables/print/print-rule.ts';
import { printTable } from '../../../src/lang/nftables/print/print-table.ts';
import type { NftRule, NftTable } from '../../../src/lang/nftables/ruleset.ts';

const SERVICE = ['daddr', 'l4proto', 'dport'] as const;

describe('printNftRule', () => {
  const cases: readonly [string, Partial<NftRule>][] = [
    ['ip saddr 10.0.0.0/8', { matches: [{ kind: 'address', field: 'saddr', cidr: '10.0.0.0/8' }] }],
    [
      'ip daddr != 127.0.0.0/8',
      { matches: [{ kind: 'address', field: 'daddr', cidr: '127.0.0.0/8', negated: true }] },
    ],
    [
      'ip daddr @nodeport-ips',
      { matches: [{ kind: 'in-set', fields: ['daddr'], set: { kind: 'named', name: 'nodeport-ips' } }] },
    ],
    [
      'ip saddr . ip daddr != { 10.0.0.1 . 10.0.0.1, 10.0.0.2 . 10.0.0.2 }',
      {
        matches: [
          {
            kind: 'in-set',
            fields: ['saddr', 'daddr'],
            negated: true,
            set: {
              kind: 'anonymous',
              elements: [{ key: ['10.0.0.1', '10.0.0.1'] }, { key: ['10.0.0.2', '10.0.0.2'] }],
            },
          },
        ],
      },
    ],
    ['meta l4proto sctp', { matches: [{ kind: 'l4proto', protocol: 'sctp' }] }],
    ['udp dport 53', { matches: [{ kind: 'dport', protocol: 'udp', port: 53 }] }],
    ['iifname "cali*"', { matches: [{ kind: 'in-interface', name: 'cali*' }] }],
    ['iifname != "br0"', { matches: [{ kind: 'in-interface', name: 'br0', negated: true }] }],
    ['meta mark & 0x80000000 == 0x00000000', { matches: [{ kind: 'mark', mask: 2 ** 31, value: 0 }] }],
    [
      'meta mark & 0x00004000 != 0x00000000',
      { matches: [{ kind: 'mark', mask: 0x4000, value: 0, negated: true }] },
    ],
    ['ct state invalid,new', { matches: [{ kind: 'ct-state', states: ['INVALID', 'NEW'] }] }],
    ['ct state != established', { matches: [{ kind: 'ct-state', states: ['ESTABLISHED'], negated: true }] }],
    ['ct status dnat', { matches: [{ kind: 'ct-status-dnat' }] }],
    ['fib daddr type local', { matches: [{ kind: 'local-address', field: 'daddr' }] }],
    ['fib saddr type != local', { matches: [{ kind: 'local-address', field: 'saddr', negated: true }] }],
    ['jump services', { statements: [{ kind: 'jump', chain: 'services' }] }],
    ['goto service-A-a/b/tcp/c.d', { statements: [{ kind: 'goto', chain: 'service-A-a/b/tcp/c.d' }] }],
    ['reject', { statements: [{ kind: 'reject' }] }],
    [
      'ip daddr . meta l4proto . th dport vmap @service-ips',
      { statements: [{ kind: 'vmap', key: SERVICE, map: { kind: 'named', name: 'service-ips' } }] },
    ],
    [
      'numgen random mod 2 vmap { 0 : goto a, 1 : drop }',
      {
        statements: [
          {
            kind: 'vmap',
            key: [{ kind: 'random', modulus: 2 }],
            map: {
              kind: 'anonymous',
              elements: [
                { key: [0], verdict: { kind: 'goto', chain: 'a' } },
                { key: [1], verdict: { kind: 'drop' } },
              ],
            },
          },
        ],
      },
    ],
    [
      'meta mark set meta mark | 0x00004000',
      { statements: [{ kind: 'set-mark', operator: 'or', value: 0x4000 }] },
    ],
    [
      'meta l4proto tcp dnat to 10.0.0.1:80',
      {
        matches: [{ kind: 'l4proto', protocol: 'tcp' }],
        statements: [{ kind: 'dnat', to: { kind: 'constant', to: { ip: '10.0.0.1', port: 80 } } }],
      },
    ],
    [
      'dnat ip addr . port to numgen random mod 1 map { 0 : 10.0.0.1 . 80 }',
      {
        statements: [
          {
            kind: 'dnat',
            to: {
              kind: 'map',
              key: [{ kind: 'random', modulus: 1 }],
              map: { kind: 'anonymous', elements: [{ key: [0], to: { ip: '10.0.0.1', port: 80 } }] },
            },
          },
        ],
      },
    ],
    [
      'update @affinity { ip saddr timeout 3600s }',
      { statements: [{ kind: 'update', set: 'affinity', fields: ['saddr'], timeoutSeconds: 3600 }] },
    ],
    ['masquerade fully-random', { statements: [{ kind: 'masquerade', randomFully: true }] }],
    ['accept comment "a b"', { statements: [{ kind: 'accept' }], comment: 'a b' }],
  ];

  test.each(cases)('%s', (text, rule) => {
    expect(printNftRule({ matches: [], statements: [], ...rule }, 'ip')).toBe(text);
  });

  test('IPv6 addresses with a port are in brackets', () => {
    const to = { kind: 'constant', to: { ip: 'fd00::1', port: 80 } } as const;
    const rule = {
      matches: [{ kind: 'address', field: 'saddr', cidr: 'fd00::/8' } as const],
      statements: [{ kind: 'dnat', to } as const],
    };
    expect(printNftRule(rule, 'ip6')).toBe('ip6 saddr fd00::/8 dnat to [fd00::1]:80');
  });
});

test('printTable', () => {
  const table: NftTable = {
    family: 'IPv6',
    name: 'kube-proxy',
    comment: 'ours',
    sets: [{ name: 'hairpin', fields: ['saddr', 'daddr'], elements: [{ key: ['fd00::1', 'fd00::1'] }] }],
    formerBaseChains: [],
    maps: [
      {
        name: 'service-ips',
        key: SERVICE,
        values: 'verdict',
        comment: 'who is served',
        elements: [
          { key: ['fd00::2', 'tcp', 80], verdict: { kind: 'goto', chain: 'x' }, comment: 'a/b' },
          { key: ['fd00::2', 'udp', 53], verdict: { kind: 'drop' } },
        ],
      },
      {
        name: 'endpoints',
        key: ['daddr', 'dport', { kind: 'random', modulus: 2 }],
        protocol: 'udp',
        values: 'destination',
        elements: [{ key: ['fd00::2', 53, 0], to: { ip: 'fd00::3', port: 8080 } }],
      },
    ],
    chains: [
      {
        name: 'nat-output',
        hook: { type: 'nat', at: 'output', priority: -100 },
        rules: [{ matches: [], statements: [{ kind: 'jump', chain: 'x' }] }],
      },
      { name: 'x', comment: 'last', rules: [] },
    ],
  };
  expect([...printTable(table)].join('')).toBe(`add table ip6 kube-proxy
delete table ip6 kube-proxy
table ip6 kube-proxy {
	comment "ours"
	set hairpin {
		type ipv6_addr . ipv6_addr
		elements = {
			fd00::1 . fd00::1
		}
	}
	map service-ips {
		type ipv6_addr . inet_proto . inet_service : verdict
		comment "who is served"
		elements = {
			fd00::2 . tcp . 80 comment "a/b" : goto x,
			fd00::2 . udp . 53 : drop
		}
	}
	map endpoints {
		typeof ip6 daddr . udp dport . numgen random mod 2 : ip6 daddr . udp dport
		elements = {
			fd00::2 . 53 . 0 : fd00::3 . 8080
		}
	}
	chain nat-output {
		type nat hook output priority -100;
		jump x
	}
	chain x {
		comment "last"
	}
}
`);
});

test('a table whose sets are filled by rules is emptied but for them', () => {
  const table: NftTable = {
    family: 'IPv4',
    name: 'kube-proxy',
    sets: [
      { name: 'hairpin', fields: ['saddr'], elements: [{ key: ['10.0.0.1'] }] },
      { name: 'affinity', fields: ['saddr'], timeoutSeconds: 60, elements: [] },
    ],
    maps: [{ name: 'served', key: ['daddr'], values: 'verdict', elements: [] }],
    formerBaseChains: ['filter-input', 'nat-postrouting'],
    chains: [],
  };
  const [start, end] = [...printTable(table)].join('').split('flush set');
  expect(start).toContain(`add table ip kube-proxy
flush table ip kube-proxy
add chain ip kube-proxy filter-input
delete chain ip kube-proxy filter-input
add chain ip kube-proxy nat-postrouting
delete chain ip kube-proxy nat-postrouting
table ip kube-proxy {
	set hairpin {`);
  expect(start).not.toMatch(/affinity|elements/);
  expect(end).toBe(` ip kube-proxy hairpin
flush map ip kube-proxy served
table ip kube-proxy {
	set hairpin {
		type ipv4_addr
		elements = {
			10.0.0.1
		}
	}
	set affinity {
		type ipv4_addr
		flags dynamic,timeout
		timeout 60s
	}
	map served {
		type ipv4_addr : verdict
	}
}
`);
});

test.each([
  ['a name', { statements: [{ kind: 'jump', chain: 'a; flush ruleset' }] }],
  ['an address', { matches: [{ kind: 'address', field: 'saddr', cidr: '10.0.0.1 drop' }] }],
  ['an interface', { matches: [{ kind: 'in-interface', name: 'a" drop' }] }],
  ['a comment', { statements: [{ kind: 'accept' }], comment: 'a"; flush ruleset; #' }],
] satisfies [string, Partial<NftRule>][])('%s cannot become more than it is', (_, rule: Partial<NftRule>) => {
  expect(() => printNftRule({ matches: [], statements: [], ...rule }, 'ip')).toThrow('unsafe');
});

test('a long comment is cut to what nft takes', () => {
  const rule = { matches: [], statements: [], comment: 'x'.repeat(200) };
  expect(printNftRule(rule, 'ip')).toMatch(/^comment "x{128}"$/);
});
