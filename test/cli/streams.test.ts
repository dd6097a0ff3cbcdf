import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readToEnd } from '../../src/cli/input/read-bytes.ts';
import { writeAll } from '../../src/cli/output/write-all.ts';

/** The program as users start it; `npm run build` makes what it needs. */
const SVCGEN = `${process.execPath} ${join(process.cwd(), 'bin/svcgen.js')}`;

const dir = mkdtempSync(join(tmpdir(), 'svcgen-streams-'));
afterAll(() => rmSync(dir, { recursive: true }));
beforeAll(() => {
  writeFileSync(join(dir, 'big.json'), manyServices(2500, 70));
  // More than pipes and buffers hold, for what does not go by the size.
  writeFileSync(join(dir, 'some.json'), manyServices(500, 70));
  expect(bash(`${SVCGEN} render big.json -o direct.txt`).status).toBe(0);
});

function bash(script: string) {
  return spawnSync('bash', ['-o', 'pipefail', '-c', script], { encoding: 'utf8', maxBuffer: 1e9, cwd: dir });
}

/** 20 KB of rules for each Service of 70 endpoints. */
function manyServices(count: number, endpoints: number): string {
  const items = Array.from({ length: count }, (_, index) => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `s${index}`, namespace: 'default' },
      spec: { clusterIP: `10.97.${index >> 8}.${index & 255}`, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `s${index}`,
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': `s${index}` },
      },
      addressType: 'IPv4',
      ports: [{ name: '', port: 8080 }],
      endpoints: Array.from({ length: endpoints }, (_each, number) => ({
        addresses: [`10.${number}.${index >> 8}.${index & 255}`],
      })),
    },
  ]);
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: items.flat() });
}

describe('bin/svcgen.js', () => {
  test('prints what the program prints', () => {
    const { status, stdout, stderr } = bash(`${SVCGEN} render -q ${process.cwd()}/fixtures/quickstart`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(readFileSync('fixtures/valid/quickstart/expected/iptables.txt', 'utf8'));
  });

  test('sets the exit code', () => {
    expect(bash(`${SVCGEN} render nowhere`).status).toBe(1);
    expect(bash(`${SVCGEN} rendr`).status).toBe(2);
  });
});

describe('stdout', () => {
  test('a slow reader gets all of it', () => {
    const { status, stdout } = bash(`${SVCGEN} render big.json | { sleep 0.5; cat; }`);
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(40e6);
    expect(sha256(stdout)).toBe(sha256(readFileSync(join(dir, 'direct.txt'))));
  });

  test.each(['render -q some.json', 'render -q some.json --script', 'render --help'])(
    '%s: a reader who has seen enough is no error',
    (argv) => {
      const { status, stdout, stderr } = bash(`${SVCGEN} ${argv} | head -n 1`);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.split('\n')).toHaveLength(2);
    },
  );

  test('a full disk is an error', () => {
    const { status, stderr } = bash(`${SVCGEN} render -q some.json > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toBe('error: cannot write to stdout: no space left on device\n');
  });

  test('a closed stderr does not matter', () => {
    expect(bash(`${SVCGEN} render nowhere 2>&-`).status).toBe(1);
  });
});

describe('a disk that is full or read-only', () => {
  const mount = 'mkdir -p disk; mount -t tmpfs -o size=64k tmpfs disk';
  const inNamespace = (script: string) =>
    bash(`unshare --map-root-user --mount bash -c '${mount}; ${script}'`);
  const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status === 0;

  test.skipIf(!canMount)('leaves what was there, and nothing else', () => {
    const { stdout, stderr } = inNamespace(
      `echo old > disk/rules; ${SVCGEN} render -q some.json -o disk/rules; echo $?; cat disk/rules; ls -A disk`,
    );
    expect({ stdout, stderr }).toEqual({
      stdout: '1\nold\nrules\n',
      stderr: 'error: cannot write "disk/rules": no space left on device\n',
    });
  });

  test.skipIf(!canMount)('read-only', () => {
    const { stdout, stderr } = inNamespace(
      `mount -o remount,ro disk; ${SVCGEN} render -q some.json --output-dir disk/new; echo $?; ls -A disk`,
    );
    expect({ stdout, stderr }).toEqual({
      stdout: '1\n',
      stderr: 'error: cannot write "disk/new/iptables.rules": read-only file system\n',
    });
  });
});

describe('stdin', () => {
  test('manifests come from a pipe, by process substitution, or both', () => {
    const service = (name: string, ip: string) =>
      `printf 'apiVersion: v1\\nkind: Service\\nmetadata: {name: ${name}}\\nspec: {clusterIP: ${ip}, ports: [{port: 80}]}\\n'`;
    const { status, stdout } = bash(
      `${service('one', '10.96.0.1')} | ${SVCGEN} render - <(${service('two', '10.96.0.2')})`,
    );
    expect(status).toBe(0);
    expect(stdout).toContain('default/one');
    expect(stdout).toContain('default/two');
  });

  test('large input in small pieces', () => {
    expect(bash(`dd if=big.json bs=1000 status=none | ${SVCGEN} render -o piped.txt`).status).toBe(0);
    expect(bash('cmp piped.txt direct.txt').status).toBe(0);
  });
});

describe('descriptors that do not wait', () => {
  test('one that nobody writes into is no wait without end', () => {
    const runs = [
      'nobody',
      'some.json --lock nobody',
      'some.json --current nobody',
      'some.json --config nobody',
    ];
    // At a time: each waits for seconds.
    const all = runs.map(
      (run, index) => `(${SVCGEN} render ${run} >out${index} 2>err${index}; echo $? >status${index}) &`,
    );
    bash(`mkfifo nobody; ${all.join(' ')} wait`);
    for (const index of runs.keys()) {
      const [status, stdout, stderr] = ['status', 'out', 'err'].map((name) =>
        readFileSync(join(dir, `${name}${index}`), 'utf8'),
      );
      expect(stderr).toMatch(/cannot read .*"nobody": it is a pipe, and nobody wrote to it for 5 seconds/);
      expect({ status, stdout }).toEqual({ status: '1\n', stdout: '' });
    }
  });

  test('one that somebody opens later is read', () => {
    const { stdout } = bash(
      `mkfifo later; { sleep 0.5; cat some.json; } >later & ${SVCGEN} render later | wc -c`,
    );
    expect(Number(stdout)).toBeGreaterThan(1_000_000);
  });

  test('are waited for, both ways', async () => {
    const fifo = join(dir, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const text = 'ä'.repeat(200_000);
    const command = `sleep 0.3; head -c ${Buffer.byteLength(text)} fifo > copy.txt`;
    const reader = spawn('sh', ['-c', command], { cwd: dir });
    writeAll(descriptor, text);
    await once(reader, 'close');
    closeSync(descriptor);
    expect(readFileSync(join(dir, 'copy.txt'), 'utf8')).toBe(text);
  });

  test('reading goes on to the end', () => {
    const path = join(dir, 'large.txt');
    writeFileSync(path, 'x'.repeat(3 * 1024 * 1024));
    const descriptor = openSync(path, 'r');
    expect(Buffer.concat(readToEnd(descriptor))).toHaveLength(3 * 1024 * 1024);
    closeSync(descriptor);
  });
});

describe('colours', () => {
  const colored = '\u001B[';

  /** Runs a command on a terminal of its own. */
  const onTerminal = (command: string) =>
    spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], { encoding: 'utf8' });

  test('on a terminal, unless NO_COLOR or a dumb one asks for none', () => {
    const plain = onTerminal(`env -u FORCE_COLOR TERM=xterm NO_COLOR=1 ${SVCGEN} render nowhere`);
    expect(plain.status).toBe(1);
    expect(plain.stdout).toContain('no file or folder "nowhere"');
    expect(plain.stdout).not.toContain(colored);
    const dumb = onTerminal(`env -u FORCE_COLOR -u NO_COLOR TERM=dumb ${SVCGEN} render nowhere`);
    expect(dumb.stdout).not.toContain(colored);
    const rich = onTerminal(`env -u FORCE_COLOR -u NO_COLOR TERM=xterm ${SVCGEN} render nowhere`);
    expect(rich.stdout).toContain(colored);
  });

  test('no input on a terminal is wrong usage', () => {
    const { status, stdout } = onTerminal(`${SVCGEN} render`);
    expect(status).toBe(2);
    expect(stdout).toContain('no input');
  });
  test.each([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('%j', (env, isColored) => {
    const { stderr } = spawnSync(process.execPath, ['bin/svcgen.js', 'render', 'nowhere'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, ...env },
    });
    expect(stderr.includes(colored)).toBe(isColored);
  });
});

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
