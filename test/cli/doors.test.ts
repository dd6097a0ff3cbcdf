import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeBug } from '../../src/cli/output/describe-bug.ts';
import { obeyedLines } from '../support/obeyed-lines.ts';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-doors-'));
afterAll(() => rmSync(dir, { recursive: true }));

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {clusterIP: 10.96.0.5, ports: [{port: 80}]}
`;
/** As YAML can hold it. */
const QUOTED = String.raw`"X\n::error title=x::pwn\e]0;owned\a\u009b31m\u202e ##[error]pwn"`;
/** What terminals and CI systems obey. */
const ATTACK = 'X\n::error title=x::pwn\u001b]0;owned\u0007\u009b31m\u202e ##[error]pwn';

/** Runs a command, none of whose lines may act on a terminal or a CI system; workflow commands of ours aside. */
async function expectHarmless(argv: readonly string[], stdin?: string) {
  const result = await runProgram(argv, stdin);
  const isGithub = argv.includes('github');
  const stdout = isGithub ? result.stdout.replaceAll(/^::(?=error|warning)/gm, '') : result.stdout;
  expect(obeyedLines(stdout)).toEqual([]);
  expect(obeyedLines(result.stderr)).toEqual([]);
  return result;
}

describe('kinds', () => {
  const text = `apiVersion: example.com/v1\nkind: ${QUOTED}\nmetadata: {name: a}\n---\n${SERVICE}`;

  test.each(['validate', 'render', 'env', 'dns', 'endpoints'])(
    'of what %s -v passes over',
    async (command) => {
      const { exitCode, stderr } = await expectHarmless([command, '-v'], text);
      expect(exitCode).toBe(0);
      expect(stderr).toContain('passed over: 1 X\\n::error title=x::pwn\\u001b]0;owned');
    },
  );

  test('that begin a line of a frame', async () => {
    const command = text.replace(QUOTED, '"::error::pwn"').replace('example.com/v1\n', 'v1\nkind: a\n');
    for (const output of ['pretty', 'github', 'sarif', 'json', 'junit', 'codeclimate']) {
      const { stdout } = await expectHarmless(['validate', '--output', output], command);
      expect(stdout).toContain('duplicate-key');
    }
  });
});

describe('the command line', () => {
  test.each([
    ['render', `--${ATTACK}`],
    ['explain', 'x', '--to', ATTACK],
    ['render', 'x', '--node-ip', ATTACK],
    ['render', 'x', '--family', ATTACK],
    ['render', 'x', '--artifact', ATTACK],
    ['render', 'x', '--disable', ATTACK],
    ['render', 'x', '--ignore', '[z\n::error::x\u009b'],
    ['render', 'x', `--masquerade-all=${ATTACK}`],
    ['validate', '--output', ATTACK],
    ['validate', '--explain', ATTACK],
    ['dns', '--cluster-domain', ATTACK],
    ['completion', ATTACK],
    ['cleanup', ATTACK],
    ['doctor', ATTACK],
    [ATTACK],
  ])('%j is quoted in wrong usage', async (...argv) => {
    const { exitCode, stdout, stderr } = await expectHarmless(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });

  test.each([ATTACK, '::error::x', ' ::error::x', '#'])(
    'the name %j that dns is asked about',
    async (name) => {
      for (const why of [name, `#[error]${name}`, `${name}.svc`, `a.b.c.${name}`])
        for (const output of ['zone', 'json'])
          expect(
            (await expectHarmless(['dns', 'fixtures/quickstart', '--why', why, '--output', output])).exitCode,
          ).toBe(0);
    },
  );

  test('a suggestion stands on its line, and nothing else can', async () => {
    const { stderr } = await expectHarmless(['render', '--clustr-cidr', 'x']);
    expect(stderr).toMatch(/^error: unknown option '--clustr-cidr'\n\(Did you mean --cluster-cidr\?\)\n/);
    const forged = await expectHarmless(['render', '--x\n(Did you mean --mode?)']);
    expect(forged.stderr).toMatch(/^error: unknown option '--x\\n\(Did you mean --mode\?\)'\n/);
  });

  test('paths', async () => {
    const path = 'x\u009b31m\u202e';
    writeFileSync(join(dir, 'file'), '');
    const written = await expectHarmless(['render', 'fixtures/quickstart', '-o', join(dir, 'file', path)]);
    expect(written.stderr).toContain('file/x\\u009b31m\\u202e');
    const read = await expectHarmless(['render', path]);
    expect(read.stderr).toContain('"x\\u009b31m\\u202e"');
  });
});

test.each(['::error title=pwned::x.yaml', 'a ##[error]x.yaml', ' ::error::x.yaml'])(
  'a file called %j',
  async (name) => {
    const folder = join(dir, 'names');
    const before = process.cwd();
    mkdirSync(folder);
    try {
      process.chdir(folder);
      writeFileSync(name, SERVICE.replace('name: a', 'name: Bad_'));
      for (const output of ['pretty', 'github', 'sarif', 'json', 'junit', 'codeclimate']) {
        const { exitCode } = await expectHarmless(['validate', name, '--output', output]);
        expect(exitCode).toBe(1);
      }
      expect((await expectHarmless(['render', name])).exitCode).toBe(1);
    } finally {
      process.chdir(before);
      rmSync(folder, { recursive: true });
    }
  },
);

describe('diff', () => {
  const NAME =
    'x**\n\n# Heading <img src=http://evil/x.png> @org/team [click](http://evil)\n::error::y\u001b[31m';
  const sides = ['fixtures/diff/port/old.yaml', 'fixtures/diff/port/new.yaml'];
  const config = join(dir, 'config.yaml');
  writeFileSync(
    config,
    `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nhostnameOverride: ${JSON.stringify(NAME)}\n`,
  );

  test.each([
    ['--config', config],
    ['--node', NAME],
  ])('shows the name of a node as code: %s', async (...flags) => {
    const { exitCode, stdout } = await expectHarmless(['diff', ...sides, '--output', 'markdown', ...flags]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('rules of node `x**\\n\\n# Heading <img src=');
    await expectHarmless(['diff', ...sides, ...flags]);
  });

  test('of drift, too', async () => {
    const rules = readFileSync('fixtures/diff/drift/node-a.rules', 'utf8');
    const argv = ['diff', 'fixtures/diff/drift/input.yaml', '--rules', '-', '--config', config];
    const { exitCode, stdout } = await expectHarmless([...argv, '--output', 'markdown'], rules);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('on node `x**\\n\\n# Heading <img src=');
    await expectHarmless(argv, rules);
  });

  test('comments with any number of backticks', async () => {
    const comment = '` '.repeat(30_000);
    const rules = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:KUBE-SERVICES - [0:0]
-A KUBE-SERVICES -d 1.2.3.4/32 -m comment --comment "${comment}" -j ACCEPT
COMMIT
`;
    const argv = ['diff', 'fixtures/quickstart', '--rules', '-', '--output', 'markdown'];
    expect((await expectHarmless(argv, rules)).exitCode).toBe(1);
  });
});

test('annotations that endpoints copies', async () => {
  const text = `apiVersion: v1
kind: Service
metadata: {name: a}
spec: {clusterIP: 10.96.0.5, ports: [{port: 80}]}
---
apiVersion: v1
kind: Endpoints
metadata: {name: a, annotations: {note: ${QUOTED}}}
subsets: [{addresses: [{ip: 10.244.1.5}], ports: [{port: 80}]}]
`;
  for (const output of ['yaml', 'json']) {
    const { exitCode, stdout } = await expectHarmless(['endpoints', '--output', output], text);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('::error title=x::pwn');
    const again = await runProgram(['endpoints', '--output', 'json'], `${text}---\n${stdout}`);
    expect(again.exitCode).toBe(0);
  }
});

describe('-v', () => {
  const folder = join(dir, 'verbose');
  mkdirSync(folder);
  writeFileSync(join(folder, 'service.yaml'), SERVICE);
  writeFileSync(join(folder, 'compose.yaml'), 'services: {web: {image: nginx}}\n');
  writeFileSync(join(folder, 'others.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');

  test('says a line for each kind and document that was passed over', async () => {
    const { stderr } = await runProgram(['validate', '-v', folder]);
    expect(stderr.split('\n')).toEqual([
      'passed over: 1 ConfigMap',
      `passed over: ${join(folder, 'compose.yaml')}:1:1: this is no Kubernetes object: it has no apiVersion and kind`,
      '',
    ]);
  });

  test.each(['validate', 'render'])('changes nothing about how %s ends', async (command) => {
    const argv = [command, '--warnings-as-errors', '--disable', 'endpoints-given', folder];
    const quiet = await runProgram(argv);
    const verbose = await runProgram([...argv, '-v']);
    expect(quiet.exitCode).toBe(0);
    expect(verbose).toEqual({ ...quiet, stderr: expect.stringContaining('passed over: ') });
  });
});

describe('a bug', () => {
  const error = new TypeError('unsafe word "\u001b[31m\n::error::x"');

  test('is told with the version and the command line, without values', () => {
    const lines = describeBug(
      error,
      ['render', 'secret/', '--node', 'secret', '--config=secret', '-o', '-'],
      {
        version: '1.2.3',
        bugs: { url: 'https://example.com/issues' },
      },
    );
    expect(lines[0]).toContain('please report it at https://example.com/issues');
    expect(lines[1]).toContain('svcgen 1.2.3, node v');
    expect(lines[2]).toBe('command line: svcgen render … --node … --config=… -o …');
    expect(lines.slice(3).join('\n')).toContain('TypeError: unsafe word');
    expect(lines.slice(0, 3).join()).not.toContain('secret');
  });
});
