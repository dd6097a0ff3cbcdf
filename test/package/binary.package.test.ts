import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKernel } from '../support/kernel/kernel-support.ts';
import { installProgram, makeRoot } from '../support/package/empty-root.ts';

/** A root folder with the executable and the few programs and libraries that are named here, and nothing else. */
const dir = mkdtempSync(join(tmpdir(), 'svcgen-binary-'));
const root = join(dir, 'root');
afterAll(() => rmSync(dir, { recursive: true }));

const NAME = `svcgen-${process.platform}-${process.arch}`;
const PROGRAMS = ['sh', 'iptables-restore', 'iptables-save', 'nft'];

const inRoot = (...words: readonly string[]) =>
  spawnSync('unshare', ['--net', '--mount', 'chroot', root, ...words], {
    encoding: 'utf8',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });

describeKernel('the single executable', () => {
  beforeAll(() => {
    execFileSync('npm', ['run', 'binary'], { stdio: 'pipe' });
    makeRoot(root, PROGRAMS);
    installProgram(root, join('dist', NAME), '/usr/bin/svcgen');
    cpSync('fixtures/quickstart', join(root, 'manifests'), { recursive: true });
  });

  test('says its version, where there is no Node.js', () => {
    expect(inRoot('svcgen', '--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d/) });
    expect(inRoot('sh', '-c', 'command -v node || echo none').stdout).toBe('none\n');
  });

  test('is started as a plugin of kubectl by its name', () => {
    cpSync(join(root, 'usr/bin/svcgen'), join(root, 'usr/bin/kubectl-svcgen'));
    expect(inRoot('kubectl-svcgen', 'render', '--help').stdout).toContain('Usage: kubectl svcgen render');
  });

  test.each([
    [['render', '/manifests'], 'KUBE-SERVICES'],
    [['explain', '/manifests', '--to', 'default/frontend'], 'goes to'],
    [['validate', '/manifests'], 'valid'],
    [['completion', 'bash'], 'complete'],
    [['config'], 'mode'],
  ])('svcgen %j', (args, expected) => {
    const { status, stdout, stderr } = inRoot('svcgen', ...args);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(expected);
  });

  test('makes rules that load', () => {
    const { status, stderr } = inRoot('sh', '-c', 'svcgen render /manifests -q | iptables-restore');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const nft = inRoot(
      'sh',
      '-c',
      'svcgen render /manifests -q --mode nftables --node-ip 192.0.2.1 | nft -f -',
    );
    expect({ status: nft.status, stderr: nft.stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('needs nothing that it could write to', () => {
    const enter =
      'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; root=$1; shift; exec chroot "$root" "$@"';
    const inReadOnly = (...words: readonly string[]) =>
      spawnSync('unshare', ['--mount', 'sh', '-ec', enter, 'sh', root, 'svcgen', ...words], {
        encoding: 'utf8',
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TMPDIR: '/nowhere' },
      });
    expect(inReadOnly('render', '/manifests', '-q').stdout).toBe(
      inRoot('svcgen', 'render', '/manifests', '-q').stdout,
    );
    const { status, stdout, stderr } = inReadOnly('render', '/manifests', '-q', '-o', '/rules');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('cannot write "/rules"');
  });

  test('prints nothing but what is wrong', () => {
    const { status, stdout, stderr } = inRoot('svcgen', 'render', '/nowhere');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('/nowhere');
  });
});
