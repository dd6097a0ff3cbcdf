import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const QUICKSTART = 'fixtures/quickstart';
const OPEN = 'fixtures/valid/allocation/input.yaml';
const expected = (name: string) => readFileSync(`fixtures/valid/quickstart/expected/${name}.txt`, 'utf8');

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'svcgen-outputs-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('graph -o', () => {
  const graph = async (name: string, ...more: readonly string[]) => {
    const { exitCode, stderr } = await runQuietly(['graph', QUICKSTART, '-o', join(dir, name), ...more]);
    const [written] = readdirSync(dir);
    return {
      exitCode,
      stderr,
      text: written === undefined ? undefined : readFileSync(join(dir, name), 'utf8'),
    };
  };

  test.each([
    ['a.svg', '<svg'],
    ['a.SVG', '<svg'],
    ['a.mmd', 'flowchart'],
    ['a.gv', 'digraph'],
    ['a.dot', 'digraph'],
    ['a.txt', '<svg'],
    ['a', '<svg'],
  ])('the name of %s decides about the form', async (name, start) => {
    expect((await graph(name)).text).toMatch(new RegExp(`^(?:---\n[^]*?---\n)?${start}`));
  });

  test.each([['a.png'], ['a.PDF'], ['a.jpeg']])('%s is none that it writes', async (name) => {
    const { exitCode, stderr, text } = await graph(name, '--output', 'svg');
    expect({ exitCode, text }).toEqual({ exitCode: 2, text: undefined });
    expect(stderr).toContain('svcgen graph writes SVG, Mermaid and DOT, not .');
    expect(stderr).toContain('dot -Tpng');
  });

  test('a name of another form than --output is a slip', async () => {
    const { exitCode, stderr, text } = await graph('a.dot', '--output', 'svg');
    expect({ exitCode, text }).toEqual({ exitCode: 2, text: undefined });
    expect(stderr).toContain('is called like a file of --output dot, not svg');
    expect((await graph('a.md', '--output', 'mermaid')).exitCode).toBe(0);
  });
});

describe('--output-file', () => {
  test('holds what stdout would', async () => {
    const path = join(dir, 'rules.txt');
    expect(await runQuietly(['render', QUICKSTART, '-o', path])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(path, 'utf8')).toBe(expected('iptables'));
    expect(readdirSync(dir)).toEqual(['rules.txt']);
  });

  test('- is stdout', async () => {
    expect((await runQuietly(['render', QUICKSTART, '-o', '-'])).stdout).toBe(expected('iptables'));
  });

  test('a script can be run', async () => {
    const path = join(dir, 'apply.sh');
    await runQuietly(['render', QUICKSTART, '--script', '-o', path]);
    expect(readFileSync(path, 'utf8')).toBe(expected('script'));
    expect(statSync(path).mode & 0o100).toBe(0o100);
  });

  test('an existing file keeps its mode, a link its target', async () => {
    const [path, link] = [join(dir, 'rules.txt'), join(dir, 'link.txt')];
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    symlinkSync(path, link);
    await runQuietly(['render', QUICKSTART, '-o', link]);
    expect(readFileSync(path, 'utf8')).toBe(expected('iptables'));
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    expect(readdirSync(dir).sort()).toEqual(['link.txt', 'rules.txt']);
  });

  test('stays as it was when the input has errors', async () => {
    const path = join(dir, 'rules.txt');
    writeFileSync(path, 'old');
    expect(await runQuietly(['render', '-o', path], 'kind: [')).toMatchObject({ exitCode: 1 });
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  test('a folder that is not there is no file', async () => {
    const { exitCode, stdout, stderr } = await runQuietly([
      'render',
      QUICKSTART,
      '-o',
      `${join(dir, 'not-there')}/`,
    ]);
    expect(stderr).toMatch(/cannot write ".*not-there\/": it ends in "\/", as folders do: name a file\n$/);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  });

  test.each(['/proc/nowhere/rules.txt', '/dev/full', 'fixtures'])('%s: an error', async (path) => {
    const { exitCode, stdout, stderr } = await runQuietly(['render', QUICKSTART, '-o', path]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`cannot write "${path}": `);
    expect(stderr).not.toContain('svcgen bug');
  });
});

describe('--output-dir', () => {
  test('holds all artifacts', async () => {
    const path = join(dir, 'new/rules');
    expect(await runQuietly(['render', QUICKSTART, '--output-dir', path])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    expect(readdirSync(path).sort()).toEqual(['apply.sh', 'ip6tables.rules', 'iptables.rules']);
    expect(readFileSync(join(path, 'iptables.rules'), 'utf8')).toBe(expected('iptables'));
    expect(readFileSync(join(path, 'apply.sh'), 'utf8')).toBe(expected('script'));
    const ip6tables = await runQuietly(['render', QUICKSTART, '--artifact', 'ip6tables']);
    expect(readFileSync(join(path, 'ip6tables.rules'), 'utf8')).toBe(ip6tables.stdout);
  });

  test('changes in no file when one cannot be written', async () => {
    writeFileSync(join(dir, 'iptables.rules'), 'old');
    mkdirSync(join(dir, 'ip6tables.rules'));
    expect(await runQuietly(['render', QUICKSTART, '--output-dir', dir])).toMatchObject({ exitCode: 1 });
    expect(readFileSync(join(dir, 'iptables.rules'), 'utf8')).toBe('old');
    expect(readdirSync(dir).sort()).toEqual(['ip6tables.rules', 'iptables.rules']);
  });
});

describe('--lock', () => {
  const lock = () => join(dir, 'svcgen.lock');
  const render = (...argv: readonly string[]) =>
    runQuietly([
      'render',
      '--node',
      'node-a',
      '--disable',
      'load-balancer-has-address',
      ...argv,
      '--lock',
      lock(),
    ]);
  const another = `apiVersion: v1\nkind: Service\nmetadata: {name: another}\nspec: {ports: [{port: 80}]}\n`;

  test('keeps what was allocated', async () => {
    const first = await render(OPEN);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(first.stdout).toContain('*nat');
    const text = readFileSync(lock(), 'utf8');
    writeFileSync(join(dir, 'another.yaml'), another);
    await render(OPEN, join(dir, 'another.yaml'), '--service-cluster-ip-range', '10.96.0.0/12');
    const { services } = JSON.parse(readFileSync(lock(), 'utf8'));
    expect(services).toMatchObject(JSON.parse(text).services);
    expect(Object.keys(services)).toContain('default/another');
  });

  test('is not touched when nothing changes, nor when there are errors', async () => {
    await render(OPEN);
    const { mtimeMs, ino } = statSync(lock());
    await render(OPEN);
    await runQuietly(['render', OPEN, '--lock', lock()]);
    expect(statSync(lock())).toMatchObject({ mtimeMs, ino });
  });

  test('a broken one is an error', async () => {
    writeFileSync(lock(), '{"version": 1, "services": {"default/web": {"clusterIPs": ["10.96.0"]}}}');
    const { exitCode, stdout, stderr } = await render(OPEN);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('svcgen.lock:1:');
  });

  test('one that cannot be written: nothing on stdout', async () => {
    const argv = ['render', OPEN, '--node', 'node-a', '--lock', '/proc/nowhere/svcgen.lock'];
    expect(await runQuietly(argv)).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
