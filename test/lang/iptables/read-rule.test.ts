import { describe, expect, test } from 'vitest';
import type { Match } from '../../../src/lang/iptables/matches/match.ts';
import { printRule } from '../../../src/lang/iptables/print/print-rule.ts';
import { readRule } from '../../../src/lang/iptables/read/read-rule.ts';
import type { Action } from '../../../src/lang/iptables/targets/action.ts';

/** Compares source and destination, word by word. */
const IPV6_PROGRAM =
  '18,32 0 0 8,7 0 0 0,32 0 0 24,29 0 13 0,32 0 0 12,7 0 0 0,32 0 0 28,29 0 9 0,32 0 0 16,7 0 0 0,32 0 0 32,29 0 5 0,32 0 0 20,7 0 0 0,32 0 0 36,29 0 1 0,6 0 0 65535,6 0 0 0';

const read = (text: string) => readRule(text, (chain) => chain === 'KUBE-X');

/** As iptables-save prints them, what they are, and what we print of that where it is something else. */
type Case<T> = readonly [text: string, read: T, printed?: string];

const matches: readonly Case<Match>[] = [
  ['-s 10.0.0.1/32', { kind: 'source', cidr: '10.0.0.1/32' }],
  ['! -s 127.0.0.0/8', { kind: 'source', cidr: '127.0.0.0/8', negated: true }],
  ['-d fd00::1/128', { kind: 'destination', cidr: 'fd00::1/128' }],
  ['-i cbr0', { kind: 'in-interface', name: 'cbr0' }],
  ['! -o veth+', { kind: 'out-interface', name: 'veth+', negated: true }],
  ['-p sctp', { kind: 'protocol', protocol: 'sctp' }],
  ['! -p tcp', { kind: 'protocol', protocol: 'tcp', negated: true }],
  ['-p icmp', { kind: 'other-protocol', name: 'icmp' }],
  ['-m tcp', { kind: 'l4', protocol: 'tcp' }],
  ['-m udp --dport 53', { kind: 'l4', protocol: 'udp', destinationPort: 53 }],
  ['-m tcp --dport 80:90', { kind: 'port-range', protocol: 'tcp', first: 80, last: 90 }],
  [
    '-m multiport --dports 53,80:90',
    {
      kind: 'ports',
      ranges: [
        { first: 53, last: 53 },
        { first: 80, last: 90 },
      ],
    },
  ],
  ['-m tcp --tcp-flags SYN,RST SYN', { kind: 'tcp-flags', mask: ['SYN', 'RST'], set: ['SYN'] }],
  ['-m tcp ! --tcp-flags FIN,SYN NONE', { kind: 'tcp-flags', mask: ['FIN', 'SYN'], set: [], negated: true }],
  [
    '-m tcp --dport 80 --tcp-flags SYN,RST SYN',
    {
      kind: 'l4-options',
      protocol: 'tcp',
      text: '-m tcp --dport 80 --tcp-flags SYN,RST SYN',
      known: [
        { kind: 'port-range', protocol: 'tcp', first: 80, last: 80 },
        { kind: 'tcp-flags', mask: ['SYN', 'RST'], set: ['SYN'] },
      ],
      isOpen: false,
    },
  ],
  [
    '-m udp --sport 67 ! --dport 68:69',
    {
      kind: 'l4-options',
      protocol: 'udp',
      text: '-m udp --sport 67 ! --dport 68:69',
      known: [{ kind: 'port-range', protocol: 'udp', first: 68, last: 69, negated: true }],
      isOpen: true,
    },
  ],
  [
    '-m addrtype ! --dst-type MULTICAST',
    { kind: 'address-type', of: 'destination', type: 'MULTICAST', negated: true },
  ],
  ['-m comment --comment plain', { kind: 'comment', text: 'plain' }, '-m comment --comment "plain"'],
  ['-m comment --comment "a/b:c -> 10.0.0.1:80"', { kind: 'comment', text: 'a/b:c -> 10.0.0.1:80' }],
  ['-m comment --comment -j', { kind: 'comment', text: '-j' }, '-m comment --comment "-j"'],
  [
    '-m nfacct --nfacct-name  ct_state_invalid_dropped_pkts',
    { kind: 'counter', name: 'ct_state_invalid_dropped_pkts' },
    '-m nfacct --nfacct-name ct_state_invalid_dropped_pkts',
  ],
  ['-m mark --mark 0x4000/0x4000', { kind: 'mark', value: 0x4000, mask: 0x4000 }],
  [
    '-m mark ! --mark 0x80000000/0x80000000',
    { kind: 'mark', value: 0x80000000, mask: 0x80000000, negated: true },
    '-m mark ! --mark 0x80000000/0x80000000',
  ],
  ['-m mark --mark 0x5', { kind: 'mark', value: 5, mask: 0xffffffff }, '-m mark --mark 0x5/0xffffffff'],
  ['-m connmark ! --mark 0x80/0x80', { kind: 'connection-mark', value: 0x80, mask: 0x80, negated: true }],
  ['-m conntrack --ctstate NEW', { kind: 'ctstate', states: ['NEW'] }],
  [
    '-m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT',
    { kind: 'ctstate', states: ['RELATED', 'ESTABLISHED', 'DNAT'], negated: true },
  ],
  ['-m state --state NEW', { kind: 'ctstate', states: ['NEW'] }, '-m conntrack --ctstate NEW'],
  ['-m addrtype --dst-type LOCAL', { kind: 'local-address', of: 'destination' }],
  ['-m addrtype ! --src-type LOCAL', { kind: 'local-address', of: 'source', negated: true }],
  ['-m physdev ! --physdev-is-in', { kind: 'from-bridge-port', negated: true }],
  [
    '-m set --match-set KUBE-CLUSTER-IP dst,dst',
    { kind: 'set', name: 'KUBE-CLUSTER-IP', dimensions: ['dst', 'dst'] },
  ],
  ['-m set ! --match-set allowed src', { kind: 'set', name: 'allowed', dimensions: ['src'], negated: true }],
  [
    '-m ipvs --vproto 6 --vaddr 203.0.113.1 --vport 80',
    { kind: 'ipvs', ip: '203.0.113.1', protocol: 'tcp', port: 80 },
    '-m ipvs --vaddr 203.0.113.1 --vproto tcp --vport 80',
  ],
  [`-m bpf --bytecode "${IPV6_PROGRAM}"`, { kind: 'source-is-destination', family: 'IPv6' }],
  [
    '-m statistic --mode random --probability 0.33333333349',
    { kind: 'random', probability: 1 / 3 },
    '-m statistic --mode random --probability 0.3333333333',
  ],
  ['-m statistic --mode nth --every 3 --packet 2', { kind: 'nth', every: 3, packet: 2 }],
  [
    '-m statistic --mode nth ! --every 3',
    { kind: 'nth', every: 3, packet: 0, negated: true },
    '-m statistic --mode nth ! --every 3 --packet 0',
  ],
  [
    '-m recent --set --name KUBE-SEP-A --mask 255.255.255.255 --rsource',
    { kind: 'remember', name: 'KUBE-SEP-A' },
    '-m recent --name KUBE-SEP-A --set',
  ],
  [
    '-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-A --mask ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff --rsource',
    { kind: 'recently-seen', name: 'KUBE-SEP-A', seconds: 10800 },
    '-m recent --name KUBE-SEP-A --rcheck --seconds 10800 --reap',
  ],
  [
    '-m recent --update --seconds 60 --reap --name A --mask 255.255.255.255 --rsource',
    { kind: 'recently-seen', name: 'A', seconds: 60, renews: true },
    '-m recent --name A --update --seconds 60 --reap',
  ],
];

const actions: readonly Case<Action>[] = [
  ['-j KUBE-X', { kind: 'jump', chain: 'KUBE-X' }],
  ['-g KUBE-X', { kind: 'goto', chain: 'KUBE-X' }],
  ['-j ACCEPT', { kind: 'accept' }],
  ['-j DROP', { kind: 'drop' }],
  ['-j RETURN', { kind: 'return' }],
  ['-j REJECT --reject-with icmp-port-unreachable', { kind: 'reject' }, '-j REJECT'],
  ['-j REJECT --reject-with icmp6-port-unreachable', { kind: 'reject' }, '-j REJECT'],
  ['-j REJECT --reject-with tcp-reset', { kind: 'reject', with: 'tcp-reset' }],
  ['-j MARK --set-xmark 0x4000/0x0', { kind: 'set-mark', value: 0x4000, mask: 0 }],
  ['-j CONNMARK --set-xmark 0x80/0x80', { kind: 'set-connection-mark', value: 0x80, mask: 0x80 }],
  [
    '-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    { kind: 'restore-mark', packetMask: 0x80, connectionMask: 0x80 },
  ],
  [
    '-j CONNMARK --save-mark',
    { kind: 'save-mark', packetMask: 0xffffffff, connectionMask: 0xffffffff },
    '-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff',
  ],
  ['-j MARK --set-mark 0x4/0x1', { kind: 'set-mark', value: 4, mask: 5 }, '-j MARK --set-xmark 0x4/0x5'],
  ['-j REDIRECT --to-ports 9090', { kind: 'redirect', port: 9090 }],
  ['-j DNAT --to-destination 10.0.0.1:80', { kind: 'dnat', to: '10.0.0.1:80' }],
  ['-j DNAT --to-destination [fd00::1]:80', { kind: 'dnat', to: '[fd00::1]:80' }],
  ['-j MASQUERADE', { kind: 'masquerade', randomFully: false }],
  ['-j MASQUERADE --random-fully', { kind: 'masquerade', randomFully: true }],
];

test.for(matches)('%s', ([text, match, printed = text]) => {
  expect(read(text)).toEqual({ matches: [match] });
  expect(printRule({ matches: [match] })).toBe(` ${printed}`);
});

test.for(actions)('%s', ([text, action, printed = text]) => {
  expect(read(text)).toEqual({ matches: [], action });
  expect(printRule({ matches: [], action })).toBe(` ${printed}`);
});

describe('what is not understood stays text', () => {
  test.each([
    '-m tcp --tcp-flags SYN,XYZ SYN',
    '-m multiport --sports 53',
    '-m multiport --dports 53,websm',
    '-m multiport --dports 80:websm',
    '-m multiport --dports 80:99999',
    '-m tcp --sport 53',
    '-m limit --limit 3/sec',
    '-m iprange --src-range 1.1.1.1-1.1.1.9',
    '-m addrtype --dst-type BLACKHOLE',
    '-m addrtype --dst-type LOCAL --limit-iface-in',
    '-m statistic --mode nth --every 3 --packet 3',
    '-m statistic --mode nth --every 0 --packet 0',
    '-m statistic --mode random ! --probability 0.5',
    '-m recent --rcheck --name A --mask 255.255.255.0 --rsource',
    '-m set --match-set A src --return-nomatch',
    '-m ipvs --ipvs',
    '-m bpf --bytecode "1,6 0 0 1"',
    '-m __proto__',
    '-m toString --x',
    '-s 10.0.0.300/32',
    '-s ::ffff:0.0.0.0/96',
    '-s 10.0.0.0/255.0.255.0',
    '-f',
    '! -m mark --mark 0x1',
  ])('%s', (text) => {
    expect(read(text)).toEqual({ matches: [{ kind: 'unknown', text }] });
    expect(printRule(read(text))).toBe(` ${text}`);
  });

  test.each([
    ['LOG', '-j LOG --log-prefix "a -j ACCEPT -s "'],
    ['KUBE-Y', '-j KUBE-Y'],
    ['KUBE-Y', '-g KUBE-Y'],
    ['ACCEPT', '-j ACCEPT --now'],
    ['REDIRECT', '-j REDIRECT --to-ports 80-90'],
    ['REDIRECT', '-j REDIRECT --to-ports 80 --random'],
    ['DNAT', '-j DNAT --to-destination 10.0.0.1:80-90'],
    ['DNAT', '-j DNAT --to-destination 10.0.0.1:80 --random'],
    ['SNAT', '-j SNAT --to-source 1.2.3.4'],
    ['MASQUERADE', '-j MASQUERADE --to-ports 1-2'],
    ['', '-j'],
  ])('target %s: %s', (target, text) => {
    expect(read(text)).toEqual({ matches: [], action: { kind: 'unknown', target, text } });
    expect(printRule(read(text))).toBe(` ${text}`);
  });

  test('a quote that does not end', () => {
    const text = '-m comment --comment "a -j DROP';
    expect(read(text)).toEqual({ matches: [{ kind: 'unknown', text }] });
  });

  test('two targets', () => {
    const text = '-j DROP -j ACCEPT';
    expect(read(text)).toEqual({ matches: [{ kind: 'unknown', text }] });
  });
});

describe('other spellings of the same', () => {
  test.each([
    ['-s 10.0.0.1', '-s 10.0.0.1/32'],
    ['-s 10.0.0.9/255.0.0.0', '-s 10.0.0.0/8'],
    ['--source fd00:0::9/ffff:ffff::', '-s fd00::/32'],
    ['-s 0.0.0.0/0 -j ACCEPT', '-j ACCEPT'],
    ['-p all -j ACCEPT', '-j ACCEPT'],
    ['-p 6', '-p tcp'],
    ['-p tcp --dport 80', '-p tcp -m tcp --dport 80'],
    ['-p tcp ! --dport 80', '-p tcp -m tcp ! --dport 80'],
    ['! -i a -d 10.0.0.1/32', '-d 10.0.0.1/32 ! -i a'],
    ['-m comment --comment "a b" -p tcp -s 10.0.0.1/32', '-s 10.0.0.1/32 -p tcp -m comment --comment "a b"'],
    ['-m comment --comment "it\\\'s \\"a\\" \\\\ b"', '-m comment --comment "it\'s \\"a\\" \\\\ b"'],
  ])('%s', (one, other) => {
    expect(read(one)).toEqual(read(other));
    expect(read(one).matches.length).toBe(read(other).matches.length);
  });

  test('one in n, with the decimals of our printer and with those of the kernel', () => {
    for (let n = 1; n <= 10_000; n += 1) {
      const kernels = (Math.round((1 / n) * 2 ** 31) / 2 ** 31).toFixed(11);
      for (const text of [(1 / n).toFixed(10), kernels]) {
        const rule = read(`-m statistic --mode random --probability ${text}`);
        expect(rule).toEqual({ matches: [{ kind: 'random', probability: 1 / n }] });
      }
    }
  });

  test('other fractions', () => {
    for (const [share, text] of [
      [2 / 5, '0.40000000037'],
      [70 / 4930, '0.01419878304'],
      [70 / 4930, (70 / 4930).toFixed(10)],
    ] as const) {
      const rule = read(`-m statistic --mode random --probability ${text}`);
      expect(rule).toEqual({ matches: [{ kind: 'random', probability: share }] });
    }
  });

  test('a probability that is no fraction', () => {
    const rule = read('-m statistic --mode random --probability 0.31830988618');
    expect(rule).toEqual({ matches: [{ kind: 'random', probability: 0.31830988618 }] });
  });
});
