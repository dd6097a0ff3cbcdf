import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-diff-'));
afterAll(() => rmSync(dir, { recursive: true }));

const QUICKSTART = 'fixtures/quickstart';
const OLD = 'fixtures/diff/replica/old.yaml';
const NEW = 'fixtures/diff/replica/new.yaml';

const WEB = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
`;

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

describe('exit codes', () => {
  test('0: the same, with one line that says so', async () => {
    const { exitCode, stdout } = await runQuietly(['diff', QUICKSTART, QUICKSTART]);
    expect({ exitCode, line: stdout.split('\n')[0] }).toEqual({
      exitCode: 0,
      line: 'no Service changes (8 unchanged)',
    });
  });

  test('1: it differs', async () => {
    expect(await runQuietly(['diff', OLD, NEW])).toMatchObject({ exitCode: 1, stderr: '' });
  });

  test.each([
    ['a file that is not there', ['nowhere', NEW], 'input-exists'],
    ['errors in the old side', [write('old.yaml', WEB.replace('80', '80000')), NEW], 'service-port-in-range'],
    ['errors in the new side', [OLD, write('new.yaml', ']')], 'new.yaml:1:1'],
    ['one side', [OLD], 'it takes two sides'],
    ['three sides', [OLD, NEW, NEW], 'it takes two sides'],
    ['stdin on both sides', ['-', '-'], 'only one side'],
    ['a layout that the mode has not', [OLD, NEW, '--mode', 'ipvs', '--layout', 'compact'], 'layout'],
    ['every node', [OLD, NEW, '--node', '*'], '--node is one node here'],
    ['a wrong flag', [OLD, NEW, '--output', 'xml'], 'pretty, json, markdown'],
  ])('2: %s', async (_, argv, said) => {
    const { exitCode, stdout, stderr } = await runQuietly(['diff', ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  test('2: stdout takes no text, which must not look like a difference', async () => {
    const full = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28 });
    };
    const run = await runQuietly(['diff', OLD, NEW], '', { writeStdout: full });
    expect(run.exitCode).toBe(2);
  });

  test('a reader that has seen enough does not hide a difference', async () => {
    const gone = () => {
      throw Object.assign(new Error('gone'), { code: 'EPIPE', errno: -32 });
    };
    const run = await runQuietly(['diff', OLD, NEW], '', { writeStdout: gone });
    expect(run.exitCode).toBe(1);
  });
});

describe('sides', () => {
  test('one of them may be stdin', async () => {
    expect((await runQuietly(['diff', '-', write('web.yaml', WEB)], WEB)).exitCode).toBe(0);
    const other = WEB.replace('port: 80', 'port: 81');
    expect((await runQuietly(['diff', join(dir, 'web.yaml'), '-'], other)).exitCode).toBe(1);
  });

  test('warnings are those of the new one', async () => {
    const unknown = write('unknown.yaml', WEB.replace('spec:', 'spec:\n  unknown: 1'));
    expect((await runQuietly(['diff', unknown, join(dir, 'web.yaml')])).stderr).not.toContain('unknown');
    expect((await runQuietly(['diff', join(dir, 'web.yaml'), unknown])).stderr).toContain('unknown');
  });

  test('a lock file holds for both, and is never written', async () => {
    const lock = write(
      'svcgen.lock',
      '{"version":1,"services":{"default/web":{"clusterIPs":["10.96.7.7"]}}}',
    );
    const more = write('more.yaml', `${WEB}---\n${WEB.replace('name: web', 'name: api')}`);
    const { stdout } = await runQuietly([
      'diff',
      join(dir, 'web.yaml'),
      more,
      '--lock',
      lock,
      '--output',
      'json',
    ]);
    expect(JSON.parse(stdout).summary.services).toMatchObject({ added: 1, changed: 0 });
    expect((await runQuietly(['render', more, '--lock', lock, '--no-allocate'])).exitCode).toBe(1);
  });
});

describe('drift', () => {
  const NODE = ['--node', 'node-a'];
  const INPUT = 'fixtures/diff/drift/input.yaml';
  const RULES = 'fixtures/diff/drift/node-a.rules';
  const full = async () => (await runQuietly(['render', INPUT, ...NODE])).stdout;

  test('0: the node has what is wanted', async () => {
    const { exitCode, stdout } = await runQuietly(['diff', INPUT, '--rules', '-', ...NODE], await full());
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'no drift: the rules of node node-a (iptables mode, IPv4) are those of the manifests\n',
    });
  });

  test('manifests may come from stdin, too', async () => {
    const rules = write('rules', await full());
    const manifests = readFileSync(INPUT, 'utf8');
    expect((await runQuietly(['diff', '--rules', rules, ...NODE], manifests)).exitCode).toBe(0);
  });

  test('a layout has its own chains; those of the other one are stale', async () => {
    const compact = await runQuietly(
      ['diff', INPUT, '--rules', '-', '--layout', 'compact', '-v', ...NODE],
      await full(),
    );
    expect(compact.exitCode).toBe(1);
    expect(compact.stdout).toContain('- nat KUBE-SEP-');
  });

  test('rules of a node may hold anything', async () => {
    const evil = '-A INPUT -m comment --comment "\u001b[31m\u202e`x`<b>" -j KUBE-NODEPORTS\n';
    const rules = (await full()).replace(/^-A INPUT/m, `${evil}-A INPUT`);
    for (const format of ['pretty', 'markdown', 'json']) {
      const argv = ['diff', INPUT, '--rules', '-', '--output', format, ...NODE];
      const { exitCode, stdout } = await runQuietly(argv, rules);
      expect({ format, exitCode }).toEqual({ format, exitCode: 1 });
      expect(stdout).toContain('u001b');
      for (const character of ['\u001b', '\u202e']) expect(stdout).not.toContain(character);
    }
  });

  test.each([
    ['cut off', [], (rules: string) => rules.slice(0, -20), /<stdin>:\d+:1: error\[saved-rules-complete\]/],
    ['nothing', [], () => '', /saved-rules-given/],
    ['another tool', [], () => 'table ip nat {\n', /<stdin>:1:1: [\s\S]*nft/],
    [
      'the other family',
      ['--family', 'ipv6'],
      (rules: string) => rules,
      /<stdin>:\d+:\d+: .*of IPv6 are wanted/,
    ],
    ['nftables mode', ['--mode', 'nftables'], (rules: string) => rules, /iptables-save/],
  ])('2: %s', async (_, flags, edit, said) => {
    const run = await runQuietly(['diff', INPUT, '--rules', '-', ...NODE, ...flags], edit(await full()));
    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(said);
  });

  test.each([
    ['no such file', [INPUT, '--rules', 'nowhere', ...NODE], 'input-exists'],
    ['no node, where rules depend on it', [INPUT, '--rules', RULES], 'node-name-given'],
    ['rules and manifests from stdin', ['-', '--rules', '-'], 'rules come from stdin'],
  ])('2: %s', async (_, argv, said) => {
    const { exitCode, stdout, stderr } = await runQuietly(['diff', ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(said);
  });
});

describe('what manifests do not say of the rules of a node', () => {
  const INPUT = 'fixtures/diff/drift-jumps/input.yaml';
  const NODE = ['--node', 'n1'];
  const PODS = ['--cluster-cidr', '10.244.0.0/16'];

  async function rulesOf(layout: string): Promise<string> {
    const { stdout } = await runQuietly(['render', INPUT, ...NODE, ...PODS, '--layout', layout]);
    return write(`${layout}.rules`, stdout);
  }

  test.each(['kube-proxy', 'compact'])('the layout is that of the node: %s', async (layout) => {
    const args = ['diff', INPUT, ...NODE, ...PODS, '--rules', await rulesOf(layout)];
    expect(await runQuietly(args)).toMatchObject({ exitCode: 0, stderr: '' });
    const other = layout === 'compact' ? 'kube-proxy' : 'compact';
    const { exitCode, stderr } = await runQuietly([...args, '--layout', other]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        new RegExp(`warning\\[saved-rules-layout\\].*\\n +hint: .*--layout ${layout}\\n`),
      ),
    });
  });

  test('a range that tells pods is named where none was given', async () => {
    const args = ['diff', INPUT, ...NODE, '--rules', await rulesOf('kube-proxy')];
    const { exitCode, stdout, stderr } = await runQuietly(args);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(
        /warning\[saved-rules-pods\]: .* by 10\.244\.0\.0\/16, .*\n +hint: add --cluster-cidr 10\.244\.0\.0\/16/,
      ),
    });
    expect(stdout).toMatch(/ differs: \d rules? too many\n/);
  });
});
