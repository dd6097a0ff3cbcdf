import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { NodeState } from '../../../src/model/node-state.ts';
import type { RuleLayout } from '../../../src/model/proxy-config.ts';
import { renderArtifact } from '../../../src/modes/index.ts';
import { SHELL_BASICS } from '../../../src/render/script/host-text.ts';
import { renderScript } from '../../../src/render/script/render.ts';
import {
  deliverExternally,
  deliverTo,
  endpoint,
  nodeState,
  pool,
  servicePort,
} from '../../support/node-state.ts';

const none = nodeState({ family: 'IPv6', servicePorts: [], localhostNodePorts: false });
const withNodePort = servicePort({
  nodePort: 30080,
  external: deliverExternally({
    fromOutside: deliverTo(pool('cluster', endpoint('10.244.1.5'))),
    fromInside: deliverTo(pool('cluster', endpoint('10.244.1.5'))),
    keepsClientIP: false,
  }),
});

function script(ipv4: NodeState, ipv6: NodeState = none, layout: RuleLayout = 'kube-proxy'): string {
  const states = new Map([
    ['IPv4', ipv4],
    ['IPv6', ipv6],
  ] as const);
  return [...renderArtifact('script', { mode: 'iptables', states, layout, form: 'tables' })].join('');
}

/** The lines of a shell function. */
function body(text: string, name: string): readonly string[] {
  const [, rest = ''] = text.split(`\n${name}() {\n`);
  return (rest.split('\n}\n')[0] ?? '').split('\n').map((line) => line.trim());
}

test.each(['kube-proxy', 'compact'] as const)(
  '%s: is a shell script, even for the strictest shell',
  (layout) => {
    for (const shell of ['sh', 'dash', 'bash']) {
      const input = script(nodeState(), none, layout);
      const { status, stderr } = spawnSync(shell, ['-n'], { input, encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    }
  },
);

test('does nothing when it was cut off anywhere', () => {
  const text = script(nodeState()).replace(/^main$/m, 'echo REACHED');
  expect(spawnSync('sh', [], { input: text, encoding: 'utf8' }).stdout).toBe('REACHED\n');
  const lines = text.split('\n');
  for (let count = 1; count < lines.length - 1; count += 3) {
    const { stdout } = spawnSync('sh', [], { input: lines.slice(0, count).join('\n'), encoding: 'utf8' });
    expect(stdout).toBe('');
  }
});

test('needs root', () => {
  const text = script(nodeState()).replace('$(id -u)', '1000');
  const { status, stderr } = spawnSync('sh', [], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 1, stderr: 'svcgen: this script needs root\n' });
});

test('names a command that is missing', () => {
  const { status, stderr } = spawnSync('sh', [], {
    input: script(nodeState()).replace('$(id -u)', '0'),
    encoding: 'utf8',
    env: { PATH: process.env.PATH, IPTABLES: 'no-such-iptables' },
  });
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'svcgen: IPv4: there is no command no-such-iptables\n',
  });
});

test('layout compact: looks whether the host takes its rules before it changes anything', () => {
  const text = script(nodeState(), none, 'compact');
  expect(body(text, 'apply').slice(0, 3)).toEqual(['plan "$@"', 'check_host "$@"', 'program "$@"']);
  expect(body(text, 'ipv6_rules_probe').join('\n')).toContain('-m bpf --bytecode "18,');
  expect(script(nodeState())).not.toContain('check_host');
});

describe('kernel settings', () => {
  const settings = (ipv4: NodeState, ipv6?: NodeState) =>
    body(script(ipv4, ipv6), 'main').filter((line) => line.startsWith('set_sysctl'));
  const forward = 'set_sysctl net/ipv4/ip_forward 1';
  const localnet = 'set_sysctl net/ipv4/conf/all/route_localnet 1';

  test('forwarding, for families with Services', () => {
    const ipv6 = nodeState({ family: 'IPv6', localhostNodePorts: false });
    expect(settings(nodeState())).toEqual([forward]);
    expect(settings(nodeState({ servicePorts: [] }), ipv6)).toEqual([
      'set_sysctl net/ipv6/conf/all/forwarding 1',
    ]);
    expect(settings(nodeState({ servicePorts: [] }))).toEqual([]);
  });

  test('route_localnet only for NodePorts that answer on 127.0.0.1', () => {
    const servicePorts = [withNodePort];
    const addresses = (...list: readonly string[]) => ({ kind: 'addresses', addresses: list }) as const;
    expect(settings(nodeState({ servicePorts }))).toEqual([forward, localnet]);
    expect(settings(nodeState({ servicePorts, localhostNodePorts: false }))).toEqual([forward]);
    expect(settings(nodeState({ servicePorts, nodePortAddresses: addresses('192.168.0.1') }))).toEqual([
      forward,
    ]);
    expect(settings(nodeState({ servicePorts, nodePortAddresses: addresses('127.0.0.1') }))).toEqual([
      forward,
      localnet,
    ]);
  });

  test('conntrack is liberal when invalid packets are let through', () => {
    expect(settings(nodeState({ dropInvalid: false }))).toContain(
      'set_sysctl net/netfilter/nf_conntrack_tcp_be_liberal 1',
    );
  });
});

test('a family without Services is only looked at when it has chains of ours', () => {
  const steps = body(script(nodeState()), 'main');
  expect(steps).toContain('apply IPv4 "$IPTABLES" ipv4_rules');
  expect(steps).toContain('apply_if_present IPv6 "$IP6TABLES" ipv6_rules');
});

test('refuses rules that would end their here-document', () => {
  const family = (rules: string) => ({ state: nodeState(), rules: [rules], probe: undefined });
  const input = {
    ipv4: family(''),
    ipv6: family(''),
    jumps: [],
    flows: [],
    nginx: { configuration: undefined, packages: '' },
  };
  expect(() => [...renderScript({ ...input, ipv4: family('END_OF_TEXT\n') })]).toThrow('svcgen bug');
});

test.each([
  ['dash', 'kernel/ostype Linux', 0],
  ['bash', 'kernel/ostype Linux', 0],
  ['dash', 'kernel/ostype Other', 1],
  ['dash', 'no/such/setting 1', 1],
])('%s: a setting that is right already is not written: %s', (shell, setting, status) => {
  const input = `${SHELL_BASICS}\nset_sysctl ${setting}\n`;
  const result = spawnSync(shell, [], { input, encoding: 'utf8' });
  expect({ status: result.status, isTold: /cannot set the kernel's/.test(result.stderr) }).toEqual({
    status,
    isTold: status === 1,
  });
});
