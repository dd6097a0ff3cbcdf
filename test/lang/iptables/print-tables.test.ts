import { describe, expect, test } from 'vitest';
import { printRule } from '../../../src/lang/iptables/print/print-rule.ts';
import { printTables } from '../../../src/lang/iptables/print/print-tables.ts';
import type { Rule } from '../../../src/lang/iptables/ruleset.ts';

describe('printRule', () => {
  const cases: readonly [string, Rule][] = [
    [' -s 10.0.0.0/8', { matches: [{ kind: 'source', cidr: '10.0.0.0/8' }] }],
    [' ! -s fd00::/8', { matches: [{ kind: 'source', cidr: 'fd00::/8', negated: true }] }],
    [' ! -d ::1/128', { matches: [{ kind: 'destination', cidr: '::1/128', negated: true }] }],
    [' -i cali+', { matches: [{ kind: 'in-interface', name: 'cali+' }] }],
    [' ! -i br0', { matches: [{ kind: 'in-interface', name: 'br0', negated: true }] }],
    [
      ' -p sctp -m sctp',
      {
        matches: [
          { kind: 'protocol', protocol: 'sctp' },
          { kind: 'l4', protocol: 'sctp' },
        ],
      },
    ],
    [' -m udp --dport 53', { matches: [{ kind: 'l4', protocol: 'udp', destinationPort: 53 }] }],
    [
      ' -m sctp --dport 0:4095',
      { matches: [{ kind: 'port-range', protocol: 'sctp', first: 0, last: 4095 }] },
    ],
    [' -m comment --comment "a/b:c -> 1"', { matches: [{ kind: 'comment', text: 'a/b:c -> 1' }] }],
    [
      ' -m mark ! --mark 0x80000000/0x80000000',
      { matches: [{ kind: 'mark', value: 2 ** 31, mask: 2 ** 31, negated: true }] },
    ],
    [
      ' -m conntrack ! --ctstate RELATED,DNAT',
      { matches: [{ kind: 'ctstate', states: ['RELATED', 'DNAT'], negated: true }] },
    ],
    [' -m addrtype --src-type LOCAL', { matches: [{ kind: 'local-address', of: 'source' }] }],
    [' -m addrtype --dst-type LOCAL', { matches: [{ kind: 'local-address', of: 'destination' }] }],
    [
      ' -m addrtype ! --src-type LOCAL',
      { matches: [{ kind: 'local-address', of: 'source', negated: true }] },
    ],
    [' -m physdev ! --physdev-is-in', { matches: [{ kind: 'from-bridge-port', negated: true }] }],
    [
      ' -m set --match-set KUBE-LOOP-BACK dst,dst,src',
      { matches: [{ kind: 'set', name: 'KUBE-LOOP-BACK', dimensions: ['dst', 'dst', 'src'] }] },
    ],
    [
      ' -m ipvs --vaddr fd00::1 --vproto sctp --vport 80',
      { matches: [{ kind: 'ipvs', ip: 'fd00::1', protocol: 'sctp', port: 80 }] },
    ],
    [
      ' -m statistic --mode random --probability 0.3333333333',
      { matches: [{ kind: 'random', probability: 1 / 3 }] },
    ],
    [
      ' -m statistic --mode nth ! --every 3 --packet 1',
      { matches: [{ kind: 'nth', every: 3, packet: 1, negated: true }] },
    ],
    [
      ' -m recent --name KUBE-SEP-A --rcheck --seconds 9 --reap',
      { matches: [{ kind: 'recently-seen', name: 'KUBE-SEP-A', seconds: 9 }] },
    ],
    [
      ' -m recent --name KUBE-SEP-A --update --seconds 9 --reap',
      { matches: [{ kind: 'recently-seen', name: 'KUBE-SEP-A', seconds: 9, renews: true }] },
    ],
    [
      ' -m bpf --bytecode "6,32 0 0 12,7 0 0 0,32 0 0 16,29 0 1 0,6 0 0 65535,6 0 0 0"',
      { matches: [{ kind: 'source-is-destination', family: 'IPv4' }] },
    ],
    [
      ' -m bpf --bytecode "18,32 0 0 8,7 0 0 0,32 0 0 24,29 0 13 0,32 0 0 12,7 0 0 0,32 0 0 28,29 0 9 0,32 0 0 16,7 0 0 0,32 0 0 32,29 0 5 0,32 0 0 20,7 0 0 0,32 0 0 36,29 0 1 0,6 0 0 65535,6 0 0 0"',
      { matches: [{ kind: 'source-is-destination', family: 'IPv6' }] },
    ],
    [' -m recent --name KUBE-SEP-A --set', { matches: [{ kind: 'remember', name: 'KUBE-SEP-A' }] }],
    [' -j KUBE-X', { matches: [], action: { kind: 'jump', chain: 'KUBE-X' } }],
    [' -j REJECT', { matches: [], action: { kind: 'reject' } }],
    [
      ' -j MARK --set-xmark 0x4000/0x0',
      { matches: [], action: { kind: 'set-mark', value: 0x4000, mask: 0 } },
    ],
    [' -j REDIRECT --to-ports 9090', { matches: [], action: { kind: 'redirect', port: 9090 } }],
    [' -j DNAT --to-destination [fd00::1]:80', { matches: [], action: { kind: 'dnat', to: '[fd00::1]:80' } }],
    [' -j MASQUERADE --random-fully', { matches: [], action: { kind: 'masquerade', randomFully: true } }],
    [' -j MASQUERADE', { matches: [], action: { kind: 'masquerade', randomFully: false } }],
  ];
  test.each(cases)('%s', (text, rule) => expect(printRule(rule)).toBe(text));

  const hostile = ['a"b', 'a\\b', 'a\nb', 'a\u0000b', '\u202eb', '', 'x'.repeat(256)];
  test.each(hostile)('refuses the comment %j', (text) => {
    expect(() => printRule({ matches: [{ kind: 'comment', text }] })).toThrow('unsafe comment');
  });

  const words = ['10.0.0.1 -j ACCEPT', '-A', 'a\nb', '$(id)', '`id`', "'", '"', '', 'a;b', 'fe80::1%eth0'];
  test.each(words)('refuses the word %j', (chain) => {
    expect(() => printRule({ matches: [], action: { kind: 'jump', chain } })).toThrow('unsafe word');
  });
});

describe('printTables', () => {
  test('declares every chain before the first rule, built-in ones with their policy', () => {
    const rules = [{ matches: [], action: { kind: 'return' } as const }];
    const table = {
      name: 'nat',
      chainNames: ['OUTPUT', 'KUBE-A'],
      chains: [{ name: 'KUBE-A', rules }],
    } as const;
    expect([...printTables([table])].join('')).toBe(
      '*nat\n:OUTPUT ACCEPT [0:0]\n:KUBE-A - [0:0]\n-A KUBE-A -j RETURN\nCOMMIT\n',
    );
  });

  test('rules of one chain after the other may share matches, an action, both, or none', () => {
    const [tcp, udp] = (['tcp', 'udp'] as const).map((protocol) => [{ kind: 'protocol', protocol } as const]);
    const [accept, drop] = [{ kind: 'accept' }, { kind: 'drop' }] as const;
    const rules = [
      { matches: tcp ?? [], action: accept },
      { matches: tcp ?? [], action: accept },
      { matches: tcp ?? [], action: drop },
      { matches: udp ?? [], action: drop },
      { matches: udp ?? [] },
      { matches: [] },
      { matches: tcp ?? [], action: accept },
    ];
    const chains = rules.map((rule, index) => ({ name: `KUBE-${index}`, rules: [rule] }));
    const text = [...printTables([{ name: 'nat', chainNames: [], chains }])].join('');
    expect(text.split('\n').slice(1, -2)).toEqual(
      rules.map((rule, index) => `-A KUBE-${index}${printRule(rule)}`),
    );
  });
});
