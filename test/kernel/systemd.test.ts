import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseIptables } from '../support/kernel/backend.ts';
import { runCleanup } from '../support/kernel/cleanup-host.ts';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { type Namespace, startNamespace } from '../support/kernel/namespace.ts';
import { saveVariant } from '../support/kernel/script-host.ts';
import { webService } from '../support/kernel/script-services.ts';

const EXAMPLES = resolve('examples/systemd');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'svcgen-systemd-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe.skipIf(!hasSystemd && process.env.SVCGEN_KERNEL !== 'required')('units', () => {
  test('are what systemd takes', () => {
    for (const name of ['svcgen.service', 'svcgen.path']) {
      const text = readFileSync(join(EXAMPLES, name), 'utf8');
      writeFileSync(join(folder, name), text.replace('/usr/local/lib/svcgen', EXAMPLES));
    }
    // The manual page of a program that is not installed is no fault of theirs.
    const units = ['svcgen.service', 'svcgen.path'].map((name) => join(folder, name));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], {
      encoding: 'utf8',
    });
    expect({ status, ours: stderr.split('\n').filter((line) => line.includes('svcgen')) }).toEqual({
      status: 0,
      ours: [],
    });
  });
});

describeKernel('the service of the example', () => {
  let host: Namespace;
  beforeAll(async () => {
    host = await startNamespace('host');
    await chooseIptables(host, 'nft');
    await host.must(['mkdir', '-p', '/run/manifests', '/run/state', '/run/bin']);
    const program = `#!/bin/sh\nexec ${process.execPath} ${resolve('bin/svcgen.js')} "$@"\n`;
    await host.must(['sh', '-c', 'cat >/run/bin/svcgen; chmod +x /run/bin/svcgen'], program);
  });
  afterAll(() => host?.stop());

  async function apply(manifests: string, options = '--node worker-1 --masquerade-all') {
    await host.must(['sh', '-c', 'cat >/run/manifests/web.json'], manifests);
    const environment = [
      'PATH=/run/bin:$PATH',
      'SVCGEN_MANIFESTS=/run/manifests',
      'STATE_DIRECTORY=/run/state',
      `SVCGEN_OPTIONS="${options}"`,
    ];
    return host.run(['sh', '-c', `${environment.join(' ')} exec ${join(EXAMPLES, 'apply')}`]);
  }

  test('applies what is valid, and keeps the last good rules, also over a boot', async () => {
    const good = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: webService });
    const empty = await saveVariant(host, 'nft');
    expect(await apply(good)).toMatchObject({ exitCode: 0 });
    const rules = await saveVariant(host, 'nft');
    expect(rules.join('\n')).toContain('-A KUBE-SERVICES');
    const bad = await apply(good.replace('30080', '80'));
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain('error[node-port-in-range]');
    expect(bad.stderr).toContain('these manifests are not applied: the rules of the last good ones stay\n');
    expect(await saveVariant(host, 'nft')).toEqual(rules);
    expect((await runCleanup(host)).exitCode).toBe(0);
    expect(await saveVariant(host, 'nft')).toEqual(empty);
    await apply(good.replace('30080', '80'));
    expect(await saveVariant(host, 'nft')).toEqual(rules);
  });

  test('does not wait for somebody to confirm', async () => {
    const good = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: webService });
    const before = await saveVariant(host, 'nft');
    const { exitCode, stderr } = await apply(good, '--node worker-1 --confirm 60');
    expect({ exitCode, isTold: stderr.includes('--confirm') }).toEqual({ exitCode: 2, isTold: true });
    expect(await saveVariant(host, 'nft')).toEqual(before);
  });
});
