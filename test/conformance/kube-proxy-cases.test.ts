import { describe, expect, test } from 'vitest';
import { readFixture } from '../support/check-text.ts';
import { runProgram } from '../support/run-program.ts';

const KUBE_PROXY = ['--mode', 'nftables', '--layout', 'kube-proxy'];
const IPV4 = [...KUBE_PROXY, '--family', 'ipv4'];
const PODS = ['--cluster-cidr', '10.0.0.0/8'];

/** Manifests of fixtures/conformance/kube-proxy, flags, and which rules a real kube-proxy has or has not. */
const CASES: readonly (readonly [
  name: string,
  flags: readonly string[],
  has: readonly string[],
  lacks: readonly string[],
])[] = [
  [
    'endpointslice-labels',
    [],
    ['172.30.0.42/32', '"ns1/svc2:p80 has no endpoints" -m tcp --dport 80 -j REJECT', '10.180.0.10'],
    ['10.180.0.9'],
  ],
  [
    'iptables-firewall-without-loopback',
    ['--nodeport-addresses', '192.168.0.0/24'],
    [':KUBE-FIREWALL'],
    ['block incoming localnet connections'],
  ],
  [
    'iptables-jump-order',
    [],
    ['-A INPUT -j KUBE-FIREWALL\n-A INPUT -m', '-A OUTPUT -j KUBE-FIREWALL\n-A OUTPUT -m'],
    [],
  ],
  ['iptables-nfacct', [], ['--ctstate INVALID -j DROP'], ['nfacct']],
  [
    'nft-base-chains-since-1.34',
    [...IPV4, ...PODS, '--kubernetes-version', '1.34'],
    [
      'chain filter-prerouting-pre-dnat',
      'chain filter-output-pre-dnat',
      'type filter hook input priority 0;',
      'ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade',
    ],
    ['filter-output-post-dnat'],
  ],
  [
    'nft-default-nodeport-addresses',
    IPV4,
    ['ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports', '\t\t\t192.168.0.2\n'],
    ['fib daddr type local'],
  ],
  [
    'nft-layout-1.36-1.37',
    [...IPV4, ...PODS],
    [
      'type ipv4_addr . ipv4_addr . inet_proto . inet_service',
      '10.180.0.1 . 10.180.0.1 . tcp . 80',
      'ip daddr @cluster-ips ip saddr != 10.0.0.0/8 meta mark set meta mark | 0x00004000 comment "masquerade clusterIP traffic from outside cluster"',
      'meta l4proto tcp dnat to 10.180.0.1:80',
      'numgen random mod 2 map { 0 : 10.180.0.1 . 80, 1 : 10.180.2.1 . 80 }',
    ],
    ['mark-for-masquerade'],
  ],
  [
    'nft-layout-1.36-1.37',
    [...IPV4, ...PODS, '--kubernetes-version', '1.36'],
    ['numgen random mod 1 map { 0 : 10.180.0.1 . 80 }'],
    ['mark-for-masquerade'],
  ],
  ['nft-long-comment', IPV4, [], []],
  ['nft-other-family-table', KUBE_PROXY, ['table ip kube-proxy {', 'table ip6 kube-proxy {'], []],
  [
    'nft-service-cidr',
    [...IPV4, '--service-cluster-ip-range', '172.30.0.0/16'],
    ['ip daddr { 172.30.0.0/16 } drop comment "Drop traffic to unallocated ClusterIPs"'],
    [],
  ],
  [
    'nft-service-cidr',
    [...IPV4, '--service-cluster-ip-range', '172.30.0.0/16', '--kubernetes-version', '1.32'],
    [],
    ['unallocated'],
  ],
  ['nft-table-comment', IPV4, ['add table ip kube-proxy { comment "rules for kube-proxy"; }'], []],
  [
    'primary-of-other-family',
    ['--family', 'ipv6', '--nodeport-addresses', 'primary'],
    ['! -d ::1/128', '-j KUBE-NODEPORTS'],
    [],
  ],
  [
    'primary-of-other-family',
    [...KUBE_PROXY, '--family', 'ipv6'],
    ['fib daddr type local ip6 daddr != ::1/128 meta l4proto'],
    ['nodeport-ips'],
  ],
  ['source-range-zero', [], ['KUBE-EXT-XPGD46QRK7WJZT7O'], ['KUBE-FW-']],
  ['source-range-zero', ['--kubernetes-version', '1.33'], ['KUBE-FW-XPGD46QRK7WJZT7O'], []],
  ['source-range-zero', IPV4, [], ['chain firewall-ULMVA6XW']],
];

describe('what a real kube-proxy does', () => {
  test.for(CASES)('%s %j', async ([name, flags, has, lacks]) => {
    const { exitCode, stdout } = await render(name, flags);
    expect(exitCode).toBe(0);
    for (const text of has) expect(stdout).toContain(text);
    for (const text of lacks) expect(stdout).not.toContain(text);
  });

  test('comments of elements are cut to what nft takes', async () => {
    const { stdout } = await render('nft-long-comment', IPV4);
    const lengths = [...stdout.matchAll(/ comment "([^"]*)" : /g)].map(([, comment = '']) => comment.length);
    expect(Math.max(...lengths)).toBe(128);
    const early = await render('nft-long-comment', [...IPV4, '--kubernetes-version', '1.36']);
    expect(early.stderr).toContain('warning[element-comments-fit]');
  });

  test.each([
    ['1.33.5', 'dropped'],
    ['1.33.6', '1 of 2 endpoints'],
  ])('in %s, what a process of the node sends to a Local policy is %s', async (version, outcome) => {
    const input = readFixture('conformance/kube-proxy/nft-local-policy-own-traffic.yaml');
    const flags = [...KUBE_PROXY, ...PODS, '--node', 'n-a', '--kubernetes-version', version];
    const connection = ['--from', '192.168.0.2', '--to', '1.2.3.4:80'];
    expect((await runProgram(['explain', '-', ...flags, ...connection], input)).stdout).toContain(outcome);
  });
});

function render(name: string, flags: readonly string[]) {
  const input = readFixture(`conformance/kube-proxy/${name}.yaml`);
  return runProgram(['render', '-', '--node', 'n-a', ...flags], input);
}
