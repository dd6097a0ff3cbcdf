import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

/** The program as users start it; `npm run build` makes what it needs. */
const PROGRAM = join(process.cwd(), 'bin/svcgen.js');
const QUICKSTART = join(process.cwd(), 'fixtures/quickstart');
const OPEN = join(process.cwd(), 'fixtures/valid/allocation/input.yaml');
const RULES = readFileSync('fixtures/valid/quickstart/expected/iptables.txt', 'utf8');

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'svcgen-files-')));
});
afterEach(() => rmSync(dir, { recursive: true }));

const inDir = (name: string) => join(dir, name);

function temporaryFiles(): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'));
}

test.each([200, 250, 255])('a name of %d bytes', async (length) => {
  const name = 'a'.repeat(length);
  expect(await runProgram(['render', QUICKSTART, '-o', inDir(name)])).toMatchObject({ exitCode: 0 });
  expect(readdirSync(dir)).toEqual([name]);
});

describe('files that are named twice', () => {
  const clash = (first: string, second: string) =>
    expect.stringMatching(
      new RegExp(`^error: ${first} ".*" would overwrite ${second} ".*": name another file$`, 'm'),
    );

  async function expectRefusal(argv: readonly string[], first: string, second: string): Promise<void> {
    const before = readdirSync(dir, { recursive: true });
    const result = await runProgram(argv);
    expect(result).toEqual({ exitCode: 2, stdout: '', stderr: clash(first, second) });
    expect(readdirSync(dir, { recursive: true })).toEqual(before);
  }

  const render = (...argv: readonly string[]) => ['render', OPEN, '--node', 'node-a', ...argv];

  test.each([
    ['the same words', (path: string) => path],
    ['another spelling', (path: string) => relative(process.cwd(), path)],
    ['dots', (path: string) => join(path, 'x').replace(/x$/, '../f')],
  ])('--lock and -o that is not there yet: %s', async (_, spell) => {
    await expectRefusal(render('--lock', inDir('f'), '-o', spell(inDir('f'))), '-o', '--lock');
  });

  test('through a link to a folder that is not complete yet', async () => {
    mkdirSync(inDir('real'));
    symlinkSync('real', inDir('link'));
    await expectRefusal(render('--lock', inDir('real/f'), '-o', inDir('link/f')), '-o', '--lock');
  });

  test.each([
    ['a symbolic link', (from: string, to: string) => symlinkSync(from, to)],
    ['a hard link', linkSync],
  ])('%s', async (_, link) => {
    await runProgram(render('--lock', inDir('f'), '-o', inDir('rules')));
    link(inDir('f'), inDir('g'));
    const lock = readFileSync(inDir('f'));
    await expectRefusal(render('--lock', inDir('f'), '-o', inDir('g')), '-o', '--lock');
    expect(readFileSync(inDir('f'))).toEqual(lock);
  });

  test('a lock among the artifacts', async () => {
    await expectRefusal(render('--lock', inDir('apply.sh'), '--output-dir', dir), '--output-dir', '--lock');
    const everyNode = ['render', OPEN, '--node', '*', '--output-dir', dir];
    await expectRefusal([...everyNode, '--lock', inDir('node-a/apply.sh')], '--output-dir', '--lock');
    const zones = ['dns', OPEN, '--output-dir', dir, '--lock', inDir('cluster.local.zone')];
    await expectRefusal(zones, '--output-dir', '--lock');
  });

  test('manifests, settings, and rules of a node', async () => {
    const manifest = inDir('m.yaml');
    writeFileSync(manifest, readFileSync(OPEN));
    await expectRefusal(['render', manifest, '--node', 'node-a', '-o', manifest], '-o', 'the input');
    for (const command of ['render', 'env', 'endpoints', 'dns']) {
      await expectRefusal([command, manifest, '--lock', manifest], '--lock', 'the input');
    }
    writeFileSync(
      inDir('config.yaml'),
      'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n',
    );
    await expectRefusal(
      render('--config', inDir('config.yaml'), '-o', inDir('config.yaml')),
      '-o',
      '--config',
    );
    writeFileSync(inDir('saved'), RULES);
    await expectRefusal(render('--current', inDir('saved'), '-o', inDir('saved')), '-o', '--current');
    expect(readFileSync(manifest)).toEqual(readFileSync(OPEN));
  });

  test('devices are no files', async () => {
    const argv = ['render', QUICKSTART, '--lock', '/dev/null', '-o', '/dev/null'];
    expect(await runProgram(argv)).not.toMatchObject({ exitCode: 2 });
  });
});

describe('what runs that were killed have left', () => {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  const place = `${boot}-${readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')}`;
  const ended = spawnSync('true').pid;

  test.each([
    ['of a process that has ended', `.svcgen-${place}-${ended}-1-0.tmp`, 0, true],
    ['of a process that had our number before', `.svcgen-${place}-${process.pid}-1-0.tmp`, 0, true],
    ['of a process that runs', `.svcgen-${place}-${process.ppid}-1-0.tmp`, 0, false],
    ['of another host or container, from now', `.svcgen-00000000-1-${ended}-1-0.tmp`, 0, false],
    ['of another host or container, two days old', `.svcgen-00000000-1-${ended}-1-0.tmp`, 2, true],
    ['of somebody else', `.svcgen-mine.tmp`, 2, false],
  ])('%s', async (_, name, days, goes) => {
    writeFileSync(inDir(name), 'old');
    const then = Date.now() / 1000 - days * 24 * 60 * 60;
    utimesSync(inDir(name), then, then);
    await runProgram(['render', QUICKSTART, '-o', inDir('rules')]);
    expect(readdirSync(dir).sort()).toEqual(goes ? ['rules'] : [name, 'rules'].sort());
  });
});

/** Many nodes, so that it takes long to write them. */
function manyNodes(count: number): string {
  const nodes = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${1000 + index}` },
  }));
  const services = Array.from({ length: 300 }, (_, index) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `s${index}`, namespace: 'default' },
      spec: { clusterIP: `10.97.${index >> 8}.${index & 255}`, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: `s${index}`, namespace: 'default' },
      subsets: [{ addresses: [{ ip: `10.1.${index >> 8}.${index & 255}` }], ports: [{ port: 8080 }] }],
    },
  ]);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...nodes, ...services.flat()] });
}

describe('signals', () => {
  /** Starts a long run, and waits until it has written something. */
  async function startLongRun() {
    writeFileSync(inDir('many.json'), manyNodes(500));
    const argv = [PROGRAM, 'render', inDir('many.json'), '--node', '*', '--output-dir', inDir('out')];
    const child = spawn(process.execPath, argv, { stdio: 'ignore' });
    const exit = once(child, 'exit');
    while (temporaryFiles().length < 5 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { child, exit };
  }

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s: no temporary file stays', async (signal) => {
    const { child, exit } = await startLongRun();
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(temporaryFiles()).toEqual([]);
  });

  test('SIGKILL: the next run takes them away', async () => {
    const { child, exit } = await startLongRun();
    child.kill('SIGKILL');
    await exit;
    expect(temporaryFiles()).not.toEqual([]);
    const argv = ['render', '-', '--node', '*', '--output-dir', inDir('out')];
    expect(await runProgram(argv, manyNodes(readdirSync(inDir('out')).length))).toMatchObject({
      exitCode: 0,
    });
    expect(temporaryFiles()).toEqual([]);
  });

  test('a pipe that nobody reads from can be left', async () => {
    spawnSync('mkfifo', [inDir('pipe')]);
    const child = spawn(process.execPath, [PROGRAM, 'render', QUICKSTART, '-o', inDir('pipe')], {
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
  });
});

const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

describe.skipIf(!canMount)('places that cannot be taken', () => {
  /** Runs a script where mounts are its own. `svcgen` renders the quickstart, and says only what is wrong. */
  function inNamespace(script: string) {
    const svcgen = `svcgen() { '${process.execPath}' '${PROGRAM}' render '${QUICKSTART}' --quiet "$@"; }`;
    return spawnSync('unshare', ['--map-root-user', '--mount', 'bash', '-c', `${svcgen}\n${script}`], {
      encoding: 'utf8',
      cwd: dir,
    });
  }

  test('-o onto a mounted file writes to it', () => {
    const { status, stderr } = inNamespace(
      'echo old > src; touch rules; mount --bind src rules; svcgen -o rules',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(inDir('src'), 'utf8')).toBe(RULES);
    expect(readdirSync(dir).sort()).toEqual(['rules', 'src']);
  });

  test('--output-dir with a mounted file in it, in a second run too', () => {
    const mount = 'mkdir out; echo old | tee src > out/ip6tables.rules; mount --bind src out/ip6tables.rules';
    const { status, stderr } = inNamespace(`${mount}; svcgen --output-dir out && svcgen --output-dir out`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(inDir('src'), 'utf8')).toContain('*nat');
    expect(readdirSync(inDir('out')).sort()).toEqual(['apply.sh', 'ip6tables.rules', 'iptables.rules']);
  });

  test.each([
    [
      'old',
      'for f in iptables.rules apply.sh; do echo old > out/$f; done',
      ['apply.sh', 'ip6tables.rules', 'iptables.rules'],
    ],
    ['new', ':', ['ip6tables.rules']],
  ])('when one cannot be written, %s files are as they were', (_, prepare, names) => {
    const mount = 'echo old > src; echo old > out/ip6tables.rules; mount --bind src out/ip6tables.rules';
    const readOnly = 'mount -o remount,bind,ro out/ip6tables.rules';
    const { status, stderr } = inNamespace(
      `mkdir out; ${prepare}; ${mount}; ${readOnly}; svcgen --output-dir out`,
    );
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: cannot write "out/ip6tables.rules": read-only file system\n',
    });
    expect(readdirSync(inDir('out')).sort()).toEqual(names);
    for (const name of names) expect(readFileSync(join(dir, 'out', name), 'utf8')).toBe('old\n');
  });

  test('a file that can be written to, in a folder that cannot', () => {
    const { status, stderr } = inNamespace(
      'mkdir ro; touch ro/rules; echo old > src; mount --bind src ro/rules; mount --rbind ro ro; ' +
        'mount -o remount,bind,ro ro; svcgen -o ro/rules',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(inDir('src'), 'utf8')).toBe(RULES);
  });

  test('a disk that gets full while a mounted file is written: it is as it was', () => {
    const small = 'mkdir small; mount -t tmpfs -o size=8k tmpfs small; echo old > small/file';
    const { status, stderr, stdout } = inNamespace(
      `${small}; touch rules; mount --bind small/file rules; svcgen --script -o rules; echo $?; cat small/file`,
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '1\nold\n' });
    expect(stderr).toBe('error: cannot write "rules": no space left on device\n');
  });
});
