import { describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const INPUT = 'fixtures/diff/drift-jumps/input.yaml';
const NODE = ['--node', 'n1', '--cluster-cidr', '10.244.0.0/16'];

const ADDRESSES = `[{"ifname":"eth0","addr_info":[{"local":"192.168.50.11"}]},{"ifname":"cni0","addr_info":[{"local":"10.244.1.1"}]},{"ifname":"veth5","master":"cni0"},{"ifname":"veth7","master":"cni0"}]
[{"dst":"default","gateway":"192.168.50.1","dev":"eth0"},{"dst":"10.244.1.0/24","dev":"cni0"}]
`;
const GOOD = `net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 0
net.ipv4.conf.eth1.rp_filter = 0
net.ipv4.conf.all.route_localnet = 1
net.ipv4.conf.cni0.route_localnet = 0
net.bridge.bridge-nf-call-iptables = 1
/sys/class/net/veth5/brport/hairpin_mode = 1
/sys/class/net/veth7/brport/hairpin_mode = 1
`;

interface Answer {
  readonly verdict: string;
  readonly notes: readonly string[];
}

/** What is said about our own rules on a node, with what is known of its kernel in the text, or without. */
async function ask(facts: string | undefined, ...connection: readonly string[]): Promise<Answer> {
  const { stdout: rules } = await runQuietly(['render', INPUT, ...NODE]);
  const text = facts === undefined ? rules : `${rules}${ADDRESSES}${facts}`;
  const argv = ['explain', INPUT, '--rules', '-', ...NODE, ...connection, '--output', 'json'];
  const { stdout, stderr } = await runQuietly(argv, text);
  expect(stderr).toBe('');
  const { verdict, notes } = JSON.parse(stdout);
  return { verdict: verdict.text, notes };
}

const OUTSIDE = ['--from', '203.0.113.9', '--to', '192.168.50.11:30080'];
const LOCAL = ['--from', '203.0.113.9', '--to', '198.51.100.9:80'];
const TO_ITSELF = ['--from', '10.244.1.5', '--to', 'default/web:http'];
const NEIGHBOUR = ['--from', '10.244.1.7', '--to', 'default/web:http'];
const LOCALHOST = ['--from-node', '--to', '127.0.0.1:30080'];

describe('what the kernel is set to', () => {
  test.each([
    ['forwarding', OUTSIDE, /^the node must forward as well \(net\.ipv4\.ip_forward = 1\)/],
    [
      'a reverse path filter, where the address of the client stays',
      LOCAL,
      /^with rp_filter = 1, the kernel drops it unless/,
    ],
    [
      'hairpin mode, for a pod that reaches itself',
      TO_ITSELF,
      /10\.244\.1\.5 is chosen, the pod reaches itself: .* hairpin mode/,
    ],
    [
      'br_netfilter, between pods of one bridge',
      NEIGHBOUR,
      /bridge it takes br_netfilter .*: else answers of 10\.244\.1\.5 go straight/,
    ],
    ['route_localnet, for localhost', LOCALHOST, /^it takes net\.ipv4\.conf\.all\.route_localnet = 1/],
  ])('is said where the answer hangs on it and nothing is known: %s', async (_, connection, said) => {
    expect((await ask(undefined, ...connection)).notes).toContainEqual(expect.stringMatching(said));
    const { notes } = await ask(GOOD, ...connection);
    expect(notes.join('\n')).not.toMatch(/forward|rp_filter|hairpin|bridge|localnet/);
  });

  test.each([
    [
      OUTSIDE,
      'ip_forward = 1',
      'ip_forward = 0',
      /^dropped by the kernel, which does not forward \(net\.ipv4\.ip_forward = 0\); by the rules alone: goes to 1 of 2/,
    ],
    [
      LOCALHOST,
      'all.route_localnet = 1',
      'all.route_localnet = 0',
      /^dropped by the kernel, which sends nothing from 127\.0\.0\.0\/8 elsewhere/,
    ],
    [
      [...LOCAL, '--in-interface', 'eth1'],
      'eth1.rp_filter = 0',
      'eth1.rp_filter = 1',
      /^dropped by the kernel: it comes in by eth1, and the way back to 203\.0\.113\.9 is eth0 \(rp_filter = 1\)/,
    ],
  ])('stops it: %j', async (connection, from, to, said) => {
    expect((await ask(GOOD, ...connection)).verdict).toMatch(/^goes to /);
    expect((await ask(GOOD.replace(from, to), ...connection)).verdict).toMatch(said);
  });

  test.each([
    [TO_ITSELF, 'hairpin_mode = 1', 'hairpin_mode = 0', /no port of cni0 has hairpin mode/],
    [NEIGHBOUR, 'call-iptables = 1', 'call-iptables = 0', /net\.bridge\.bridge-nf-call-iptables is 0; to do/],
    [NEIGHBOUR, 'net.bridge.bridge-nf-call-iptables = 1\n', '', /is not there \(modprobe br_netfilter\)/],
    [
      LOCAL,
      'eth0.rp_filter = 0',
      'eth0.rp_filter = 1',
      /^rp_filter is 1, and the way back to 203\.0\.113\.9 is eth0/,
    ],
  ])('is a fact where it is known: %j', async (connection, from, to, said) => {
    const { notes } = await ask(GOOD.replaceAll(from, to), ...connection);
    expect(notes).toContainEqual(expect.stringMatching(said));
  });
});

test('a Local policy is told by rules where there are no manifests', async () => {
  const { stdout: rules } = await runQuietly(['render', INPUT, ...NODE]);
  const said = async (text: string) => {
    const argv = ['explain', '--rules', '-', ...LOCAL, '--output', 'json'];
    const { notes } = JSON.parse((await runQuietly(argv, `${rules}${text}`)).stdout);
    return notes.join('\n');
  };
  expect(await said('')).toMatch(/^with rp_filter = 1, the kernel drops it unless/m);
  expect(await said(`${ADDRESSES}${GOOD}`)).not.toContain('rp_filter');
  expect(await said(`${ADDRESSES}${GOOD.replace('eth0.rp_filter = 0', 'eth0.rp_filter = 1')}`)).toMatch(
    /^rp_filter is 1, and the way back to 203\.0\.113\.9 is eth0/m,
  );
});

describe('routes of the node', () => {
  const RULES =
    '*filter\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -s 192.168.7.11/32 -d 203.0.113.80/32 -j REJECT\nCOMMIT\n';
  const LINKS =
    '[{"ifname":"lo","addr_info":[{"local":"127.0.0.1"}]},{"ifname":"eth0","addr_info":[{"local":"192.168.7.11"}]}]';
  const NEAR = '{"dst":"192.168.7.0/24","dev":"eth0","prefsrc":"192.168.7.11"}';
  const DEFAULT = '{"dst":"default","gateway":"192.168.7.1","dev":"eth0"}';

  async function askNode(
    routes: string,
    ...connection: readonly string[]
  ): Promise<Answer & { readonly from: string }> {
    const text = `${RULES}${LINKS}\n[${routes}]\n`;
    const { stdout, stderr } = await runQuietly(
      ['explain', '--rules', '-', ...connection, '--output', 'json'],
      text,
    );
    expect(stderr).toBe('');
    const { verdict, notes, connection: planned } = JSON.parse(stdout);
    return { verdict: verdict.text, notes, from: planned.from };
  }

  test('choose the source of what it sends itself, which is not that of lo', async () => {
    const answer = await askNode(`${DEFAULT},${NEAR}`, '--from-node', '--to', '203.0.113.80:443');
    expect(answer.from).toBe('192.168.7.11');
    expect(answer.verdict).toMatch(/^rejected: a rule of filter OUTPUT/);
    expect((await askNode(NEAR, '--from-node', '--to', '203.0.113.80:443')).from).toBe('192.168.7.11');
    expect((await askNode(NEAR, '--from-node', '--to', '127.0.0.1:443')).from).toBe('127.0.0.1');
  });

  const OWN = ['--from-node', '--to', '203.0.113.81:443'];
  const PASSING = ['--from', '192.168.7.5', '--to', '203.0.113.81:443'];
  const typed = (type: string) => `${NEAR},${DEFAULT},{"type":"${type}","dst":"203.0.113.0/24","flags":[]}`;

  test.each([
    [
      OWN,
      NEAR,
      /^refused by the kernel: this node has no route to 203\.0\.113\.81 \("Network is unreachable"\); by the/,
    ],
    [
      PASSING,
      NEAR,
      /^refused by the kernel: this node has no route to 203\.0\.113\.81 \("Network is unreachable"\); by the/,
    ],
    [OWN, typed('throw'), /no route to 203\.0\.113\.81 \("Network is unreachable"\)/],
    [OWN, typed('unreachable'), /is unreachable 203\.0\.113\.0\/24 \("No route to host"\)/],
    [OWN, typed('prohibit'), /is prohibit 203\.0\.113\.0\/24 \("Permission denied"\)/],
    [OWN, typed('blackhole'), /^refused .* is blackhole 203\.0\.113\.0\/24 \("Invalid argument"\)/],
    [
      PASSING,
      typed('blackhole'),
      /^dropped by the kernel: the route of this node to 203\.0\.113\.81 is blackhole/,
    ],
    [OWN, `${NEAR},${DEFAULT}`, /^no rule of any Service matches/],
  ])('lead on or nowhere: %j with %s', async (connection, routes, said) => {
    expect((await askNode(routes, ...connection)).verdict).toMatch(said);
  });

  test('may be in other tables', async () => {
    const { verdict, notes } = await askNode(`${NEAR}]\n100:\tfrom all lookup 7\n[`, ...OWN);
    expect(verdict).toMatch(/^no rule of any Service matches/);
    expect(notes).toContainEqual(expect.stringMatching(/^the main table of this node has no route to 203/));
  });

  test('to an endpoint of several are said where they are missing', async () => {
    const lacking = ADDRESSES.replace(
      '{"dst":"default","gateway":"192.168.50.1","dev":"eth0"},',
      '{"dst":"192.168.50.0/24","dev":"eth0"},',
    );
    const { stdout: rules } = await runQuietly(['render', INPUT, ...NODE]);
    const { stdout } = await runQuietly(
      [
        'explain',
        '--rules',
        '-',
        '--from',
        '192.168.50.7',
        '--to',
        '192.168.50.11:30080',
        '--output',
        'json',
      ],
      `${rules}${lacking}${GOOD}`,
    );
    const { verdict, notes } = JSON.parse(stdout);
    expect(verdict.text).toMatch(/^goes to 1 of 2/);
    expect(notes).toContainEqual(
      expect.stringMatching(/^this node has no route to 10\.244\.2\.\d+: what is sent there is lost/),
    );
  });
});

describe('what the kernel remembers', () => {
  const UDP = `apiVersion: v1
kind: Service
metadata: {name: dns, namespace: kube-system}
spec: {clusterIP: 10.96.0.10, ports: [{port: 53, protocol: UDP}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: dns-1, namespace: kube-system, labels: {kubernetes.io/service-name: dns}}
addressType: IPv4
ports: [{name: "", port: 53, protocol: UDP}]
endpoints: [{addresses: [10.244.1.53], nodeName: n1}]
`;
  const flow = (endpoint: string) =>
    `udp      17 29 src=10.244.1.9 dst=10.96.0.10 sport=40000 dport=53 src=${endpoint} dst=10.244.1.9 sport=53 dport=40000 mark=0 use=1\n`;

  async function notesOf(facts: string): Promise<string> {
    const { stdout: rules } = await runQuietly(['render', '-'], UDP);
    const argv = [
      'explain',
      '--rules',
      '-',
      '--from',
      '10.244.1.9',
      '--to',
      '10.96.0.10:53/udp',
      '--output',
      'json',
    ];
    return JSON.parse((await runQuietly(argv, rules + facts)).stdout).notes.join('\n');
  }

  test('flows of UDP stay where they went', async () => {
    expect(await notesOf('')).toContain('UDP: a client that keeps its source port stays');
    expect(await notesOf(ADDRESSES + GOOD + flow('10.244.1.53'))).not.toContain('UDP');
    expect(await notesOf(ADDRESSES + GOOD + flow('10.244.1.54') + flow('10.244.1.53'))).toContain(
      'conntrack still sends 1 flow of UDP from 10.96.0.10:53 to 10.244.1.54:53, where these rules lead nobody; to do: conntrack -D -p udp --orig-dst 10.96.0.10 --reply-src 10.244.1.54',
    );
  });

  test('session affinity has the client', async () => {
    const list =
      '/proc/net/xt_recent/KUBE-SEP-AFGSLHOD2HFNCBX4:src=203.0.113.9 ttl: 63 last_seen: 1 oldest_pkt: 1 1\n';
    const said =
      'goes to 10.244.1.5:8080, where session affinity keeps 203.0.113.9 for 3 hours after it last connected';
    expect((await ask(GOOD + list, ...OUTSIDE)).verdict).toContain(said);
    expect((await ask(GOOD + list.replace('.9 ', '.8 '), ...OUTSIDE)).verdict).toMatch(/^goes to 1 of 2/);
  });

  test('rules that choose other routes, and gaps, are named', async () => {
    const rule =
      '0:\tfrom all lookup local\n1024:\tfrom all fwmark 0x80/0x80 lookup main\n32766:\tfrom all lookup main\n';
    const { notes } = await ask(
      `${GOOD}${rule}# svcgen doctor: lacking: sets: there is no command ipset\n`,
      ...OUTSIDE,
    );
    expect(notes).toContain(
      'ip rule has 1 rule of its own (1024: from all fwmark 0x80/0x80 lookup main), which may choose other interfaces than the main table',
    );
    expect(notes).toContain('the text of the node lacks sets: there is no command ipset');
  });
});
