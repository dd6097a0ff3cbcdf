import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const NODE_PORT = `
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, clusterIP: 10.96.0.80, selector: { app: web }, ports: [{ port: 80, nodePort: 30080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-1, labels: { app: web } }
spec: { containers: [{ name: web, image: web }] }
status: { phase: Running, podIP: 10.244.1.5, conditions: [{ type: Ready, status: 'True' }] }
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-nftables-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const render = (...flags: readonly string[]) =>
  runQuietly(['render', '-', '--mode', 'nftables', ...flags], NODE_PORT);

/** Without a word: the node has an address, and two families, unless the flags say otherwise. */
async function textOf(...flags: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await render('--node-ip', '192.0.2.7', ...flags);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

function configFile(settings: object): string {
  const path = join(folder, 'config.json');
  const kind = { apiVersion: 'kubeproxy.config.k8s.io/v1alpha1', kind: 'KubeProxyConfiguration' };
  writeFileSync(path, JSON.stringify({ ...kind, mode: 'nftables', ...settings }));
  return path;
}

describe('families', () => {
  test('both, in one text; one without Services loses its table', async () => {
    const text = await textOf();
    expect(text).toContain('table ip kube-proxy {\n');
    expect(text.endsWith('}\nadd table ip6 kube-proxy\ndelete table ip6 kube-proxy\n')).toBe(true);
  });

  test.each([[], ['--script'], ['--artifact', 'nftables']])('one, when asked for: %j', async (...flags) => {
    const text = await textOf('--family', 'ipv4', ...flags);
    expect(text).toContain('table ip kube-proxy {\n');
    expect(text).not.toContain('\nadd table ip6');
  });
});

describe('layouts', () => {
  test('compact is the default', async () => {
    expect(await textOf()).toBe(await textOf('--layout', 'compact'));
    expect(await textOf()).not.toContain('masquerading');
    expect(await textOf('--layout', 'kube-proxy')).toContain('jump masquerading');
  });

  test('--output-dir writes what the mode gives', async () => {
    await textOf('--output-dir', join(folder, 'out'));
    expect(readdirSync(join(folder, 'out')).sort()).toEqual(['apply.sh', 'nftables.nft']);
  });
});

describe('where NodePorts answer', () => {
  const EVERYWHERE = 'fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto';

  test("on the node's own address when nothing is said, as in kube-proxy", async () => {
    expect(await textOf()).toContain('ip daddr { 192.0.2.7 } meta l4proto');
    expect(await textOf('--layout', 'kube-proxy')).toContain('\t\t\t192.0.2.7\n');
  });

  test('everywhere but on localhost, when the address is not known, and with a warning', async () => {
    const { exitCode, stdout, stderr } = await render();
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('warning[node-primary-address-known]'),
    });
    expect(stdout).toContain(EVERYWHERE);
    const early = await render('--layout', 'kube-proxy', '--kubernetes-version', '1.30');
    expect(early.stderr).toContain('they answer nowhere');
    expect(early.stdout).toContain('comment "IPs that accept NodePort traffic"\n\t}');
  });

  test('on localhost too, when that is asked for, behind a guard', async () => {
    const text = await textOf('--iptables-localhost-nodeports');
    expect(text).toContain('fib daddr type local meta l4proto');
    expect(text).toContain('ip saddr != 127.0.0.0/8 ip daddr 127.0.0.0/8 jump localnet-check');
    expect(await textOf('--script', '--iptables-localhost-nodeports')).toContain('conf/all/route_localnet 1');
  });

  test("a KubeProxyConfiguration that says nothing means the node's own address, as in kube-proxy", async () => {
    const config = ['--config', configFile({ nodePortAddresses: [] })];
    expect(await textOf(...config, '--node-ip', '192.0.2.7')).toContain(
      'ip daddr { 192.0.2.7 } meta l4proto',
    );
    expect(await textOf(...config, '--nodeport-addresses', '0.0.0.0/0,::/0')).toContain(EVERYWHERE);
  });
});

describe('settings of a KubeProxyConfiguration', () => {
  test('are those of its nftables section', async () => {
    const config = configFile({
      nodePortAddresses: ['0.0.0.0/0'],
      iptables: { masqueradeBit: 3, masqueradeAll: false, localhostNodePorts: true },
      nftables: { masqueradeBit: 5, masqueradeAll: true },
    });
    const text = await textOf('--config', config);
    expect(text).toContain('meta mark set meta mark | 0x00000020');
    expect(text).not.toContain('0x00000008');
    expect(text).not.toContain('localnet-check');
    expect(text).toMatch(/ip daddr 10\.96\.0\.80 tcp dport 80 meta mark set meta mark \| 0x00000020\n/);
  });

  test('are checked', async () => {
    const { exitCode, stdout, stderr } = await render(
      '--config',
      configFile({ nftables: { masqueradeBit: 32 } }),
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('nftables.masqueradeBit');
  });
});

describe('wrong usage says what is right, and prints nothing', () => {
  test.each([
    [['--noflush'], /--noflush is for iptables-restore/],
    [['--artifact', 'iptables'], /mode nftables has no artifact iptables: it has nftables, script/],
    [['--layout', 'small'], /The layouts are kube-proxy and compact\./],
    [['--layout', 'kube-proxy', '--iptables-localhost-nodeports'], /take --layout compact/],
  ])('%j', async (flags, message) => {
    const { exitCode, stdout, stderr } = await render(...flags);
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
