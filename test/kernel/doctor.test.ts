import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { IptablesVariant } from '../support/kernel/backend.ts';
import { foreignRules } from '../support/kernel/foreign-rules.ts';
import { readHost } from '../support/kernel/host-state.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { runProgram } from '../support/run-program.ts';

const INPUT = 'fixtures/diff/drift-jumps/input.yaml';
const NODE = ['--node', 'n1', '--cluster-cidr', '10.244.0.0/16'];
const CONNECTION = ['--from', '203.0.113.9', '--to', '192.168.50.11:30080'];

/** Interfaces give themselves no address: the kernel would try those out for a second or two, and say so meanwhile. */
const NETWORK = `
sysctl -q -w net.ipv6.conf.default.addr_gen_mode=1
ip link set lo up
ip link add cni0 type bridge
ip addr add 10.244.1.1/24 dev cni0
ip link set cni0 up
ip link add veth1 type veth peer name veth2
ip link set veth1 master cni0 up
ip link set veth2 up
ip link add eth9 type veth peer name eth8
ip link set eth8 up
ip addr add 192.168.50.11/24 dev eth9
ip link set eth9 up
ip route add default via 192.168.50.1
sysctl -q -w net.ipv4.ip_forward=1
`;

describeKernel('svcgen doctor', () => {
  let host: Namespace;
  const folder = mkdtempSync(join(tmpdir(), 'svcgen-doctor-'));
  const file = join(folder, 'node.txt');

  beforeEach(async () => {
    host = await startNamespace('host');
    await host.must(['sh', '-ec', NETWORK]);
  });
  afterEach(async () => {
    await host.stop();
    rmSync(file, { force: true });
  });

  async function gather(shell = ['sh', '-s']): Promise<string> {
    const { stdout: script } = await runProgram(['doctor']);
    const { exitCode, stdout, stderr } = await host.run(shell, script);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    writeFileSync(file, stdout);
    return stdout;
  }

  async function install(variant: IptablesVariant): Promise<void> {
    const { stdout } = await runProgram(['render', INPUT, ...NODE]);
    await host.must([`iptables-${variant}-restore`], stdout);
    const other = variant === 'nft' ? 'legacy' : 'nft';
    await host.must([`iptables-${other}-restore`], foreignRules('IPv4'));
    await host.must(['ipset', 'restore'], 'create OTHERS hash:ip family inet\nadd OTHERS 192.0.2.9\n');
  }

  test.each(['legacy', 'nft'] as const)('gathers what explain and diff want (%s)', async (variant) => {
    await install(variant);
    const before = await readHost(host);
    const text = await gather();
    expect(await readHost(host)).toEqual(before);
    expect(text).not.toContain('lacking');
    const explained = await runProgram(['explain', '--rules', file, ...CONNECTION, '--output', 'json']);
    expect(explained.stderr).toBe('');
    const { connection, ways, notes } = JSON.parse(explained.stdout);
    expect(connection.origin).toBe('outside');
    expect(ways.map(({ to }: { to: string }) => to).sort()).toEqual(['10.244.1.5:8080', '10.244.2.6:8080']);
    expect(notes.join('\n')).not.toMatch(/passed over|--host|ip_forward|ipvs/);
    const drift = await runProgram(['diff', INPUT, '--rules', file, ...NODE]);
    expect(drift.stdout).toMatch(/^no drift: /);
  });

  test('a node of nftables mode: what iptables-nft has is there once', async () => {
    const { stdout } = await runProgram(['render', INPUT, '--mode', 'nftables', ...NODE]);
    await host.must(['nft', '-f', '-'], stdout);
    await host.must(['iptables-nft-restore'], foreignRules('IPv4'));
    const text = await gather();
    expect(text.match(/^table ip (?:nat|filter) \{/gm)).toBe(null);
    expect(text).toContain('\ntable ip kube-proxy {');
    const drift = await runProgram([
      'diff',
      INPUT,
      '--rules',
      file,
      '--mode',
      'nftables',
      '--family',
      'ipv4',
      ...NODE,
    ]);
    expect(drift.stdout).toMatch(/^no drift: /);
  });

  test('a node without rules', async () => {
    await gather();
    const { exitCode, stdout, stderr } = await runProgram(['explain', '--rules', file, ...CONNECTION]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('holds no rules');
  });

  test('a comment hides no table', async () => {
    const comment = 'x\n*kube-proxy\ny';
    await host.must(['iptables-nft', '-A', 'INPUT', '-m', 'comment', '--comment', comment, '-j', 'ACCEPT']);
    await host.must(['nft', 'add table ip kube-proxy; add chain ip kube-proxy c']);
    expect(await gather()).toContain('\ntable ip kube-proxy {\n');
  });

  test('what cannot be read is said to be lacking, and is no answer', async () => {
    await install('legacy');
    const failing = ['nft', 'ipset', 'iptables-nft-save'];
    const make = failing.map((tool) => `printf '#!/bin/sh\\necho no >&2; exit 3\\n' >/run/few/${tool}`);
    await host.must(['sh', '-ec', ['mkdir /run/few', ...make, 'chmod +x /run/few/*'].join('\n')]);
    const text = await gather(['sh', '-c', 'PATH=/run/few:$PATH exec sh -s']);
    const { stdout } = await runProgram(['explain', '--rules', file, ...CONNECTION]);
    for (const command of ['nft list ruleset', 'ipset save', 'iptables-nft-save']) {
      const lacking = `what ${command} prints: it failed (exit status 3)`;
      expect(text).toContain(`# svcgen doctor: lacking: ${lacking}\n`);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`the text of the node lacks ${lacking}`);
    }
  });

  test('what the kernel does not let through is no answer of rules', async () => {
    await host.must(['iptables-nft-restore'], (await runProgram(['render', INPUT, ...NODE])).stdout);
    await host.must(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=0']);
    await gather();
    const { stdout } = await runProgram(['explain', '--rules', file, ...CONNECTION]);
    expect(stdout).toContain(
      '\ndropped by the kernel, which does not forward (net.ipv4.ip_forward = 0); by the rules alone: goes to',
    );
  });
});
