import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-builds-'));
afterAll(() => rmSync(dir, { recursive: true }));

const WEB = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
`;

/** A folder with programs that print what they are told, and what they were started with. */
function programs(named: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(dir, 'bin-'));
  for (const [name, script] of Object.entries(named)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(dir, 'tree-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const run = (argv: readonly string[], path: string) => runProgram(argv, '', { env: { PATH: path } });
/** Prints its arguments, each in brackets, as a comment, and a Service. */
const echo = `printf '#'; printf ' [%s]' "$@"; echo; /bin/cat <<'END'\n${WEB}END`;
const asArgument = (name: string) => `metadata: {name: ${name}}`;

describe('-k', () => {
  test('renders what kustomize builds', async () => {
    const result = await run(['render', '-k', 'overlays/prod'], programs({ kustomize: echo }));
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('10.96.0.10') });
  });

  test('or kubectl, where there is no kustomize', async () => {
    const kubectl = `[ "$1 $2" = "kustomize overlays/prod" ] || exit 9\n${echo}`;
    const result = await run(['validate', '-k', 'overlays/prod'], programs({ kubectl }));
    expect(result).toMatchObject({ exitCode: 0 });
  });

  test('names the build where something is wrong', async () => {
    const kustomize = echo.replace('port: 80', 'port: 0');
    const { exitCode, stdout } = await run(['validate', '-k', 'prod'], programs({ kustomize }));
    expect(exitCode).toBe(1);
    expect(stdout).toContain('<kustomize build prod>:5:');
  });

  test.each([
    [
      'neither is installed',
      {},
      'error[input-built]: "kustomize build prod" or "kubectl kustomize prod" failed: neither is installed',
    ],
    [
      'the build fails',
      { kustomize: 'echo "no such base" >&2; exit 1' },
      '"kustomize build prod" failed: no such base',
    ],
    ['it says nothing', { kustomize: 'exit 3' }, 'failed: it ended with status 3'],
  ])('is an error when %s', async (_, named, message) => {
    const { exitCode, stdout, stderr } = await run(['render', '-k', 'prod'], programs(named));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  test.each([
    ['its kustomization', { 'base/a.yaml': WEB }, 'kustomization.yaml'],
    [
      'a file of a base',
      { 'kustomization.yaml': 'resources: [base, .]', 'base/kustomization.yaml': 'resources: [web.yaml]' },
      'base/web.yaml',
    ],
    ['a patch', { 'kustomization.yaml': 'patches: [{path: p.yaml}]' }, 'p.yaml'],
  ])('refuses to wait for a pipe: %s', async (_, files, pipe) => {
    const root = tree(files);
    execFileSync('mkfifo', [join(root, pipe)]);
    const kustomize = 'echo "that waits for ever" >&2; exit 9';
    const { exitCode, stdout, stderr } = await run(['render', '-k', root], programs({ kustomize }));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(
      `${JSON.stringify(join(root, pipe))} is a pipe, for which kustomize would wait without end`,
    );
  });

  test('refuses to have helm wait for a pipe', async () => {
    const values = join(tree({}), 'values.yaml');
    execFileSync('mkfifo', [values]);
    const argv = ['render', '--helm', tree({ 'Chart.yaml': 'name: c' }), '--values', values];
    const { exitCode, stderr } = await run(argv, programs({ helm: 'exit 9' }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain('is a pipe, for which helm would wait without end');
  });

  test('starts no shell, and gives no options', async () => {
    const kustomize = `[ "$2" = './-x $(touch pwned); y' ] || exit 9\n${echo}`;
    const result = await run(['validate', '--kustomize=-x $(touch pwned); y'], programs({ kustomize }));
    expect(result).toMatchObject({ exitCode: 0 });
  });
});

test.each([
  ['render'],
  ['validate'],
  ['env'],
  ['dns'],
  ['endpoints'],
  ['explain', '--to', 'web'],
  ['explain', '--to', 'web', '--rules', 'fixtures/explain/node-rules/node.rules'],
  ['test', '--record'],
  ['diff', '--rules', 'fixtures/explain/node-rules/node.rules'],
])('what is built is the input of every command: %s %s %s', async (...argv) => {
  const { exitCode, stderr } = await run([...argv, '-k', 'prod'], programs({ kustomize: echo }));
  expect({ exitCode, stderr }).toMatchObject({ exitCode: argv[0] === 'diff' ? 1 : 0 });
  if (argv[0] !== 'validate') expect(stderr).toContain('1 Service, 0 with endpoints');
});

describe('--helm', () => {
  const chart = tree({ 'Chart.yaml': 'name: web\n' });

  test('gives values and settings on', async () => {
    const helm = `[ "$*" = 'template ${chart} --kube-version=1.33 --values a.yaml --values b.yaml --set x=1' ] || exit 9\n${echo}`;
    const argv = [
      'render',
      '--helm',
      chart,
      '--kubernetes-version',
      '1.33',
      '--values',
      'a.yaml',
      '--values',
      'b.yaml',
      '--set',
      'x=1',
    ];
    const result = await run(argv, programs({ helm }));
    expect(result).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('10.96.0.10') });
  });

  test('is an error when it is not installed', async () => {
    const { exitCode, stderr } = await run(['render', '--helm', chart], programs({}));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error[input-built]: "helm template ${chart}" failed: it is not installed`);
  });

  test.each(['charts/nowhere', 'oci://example.org/web'])('never asks a repository for %s', async (name) => {
    const { exitCode, stderr } = await run(['render', '--helm', name], programs({ helm: echo }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`error[input-exists]: there is no chart "${name}"`);
  });

  test('what it complains of is one line, without the usage after it', async () => {
    const helm = `printf 'Error: needs\\n  a value\\n\\nUse --debug flag\\n' >&2; exit 1`;
    const { stderr } = await run(['render', '--helm', chart], programs({ helm }));
    expect(stderr).toContain('failed: Error: needs a value\n');
  });
});

describe('the real programs, where they are installed', () => {
  const path = process.env.PATH ?? '';
  const has = (program: string) => path.split(':').some((folder) => existsSync(join(folder, program)));
  const rendered = { exitCode: 0, stdout: expect.stringContaining('10.96.0.10') };

  test.skipIf(!has('helm'))('helm', async () => {
    const chart = tree({
      'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 0.1.0\nkubeVersion: ">=1.33.0-0 <1.34.0-0"\n',
      'templates/web.yaml': WEB.replace('port: 80', 'port: {{ .Values.port }}'),
    });
    const argv = ['render', '--helm', chart, '--set', 'port=81', '--kubernetes-version'];
    expect(await run([...argv, '1.33'], path)).toMatchObject(rendered);
    const { exitCode, stderr } = await run([...argv, '1.34'], path);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('incompatible with Kubernetes v1.34.0\n');
  });

  test.skipIf(!has('kubectl') && !has('kustomize'))('kustomize', async () => {
    const root = tree({
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml': WEB,
      'prod/kustomization.yaml': 'resources: [../base]\nnamespace: shop\n',
    });
    const result = await run(['render', '-k', join(root, 'prod')], path);
    expect(result).toMatchObject(rendered);
    expect(result.stdout).toContain('shop/web');
  });
});

test('--each-kustomization judges every kustomization by itself, and says which is which', async () => {
  const root = tree({
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'prod/kustomization.yaml': 'resources: [../base]\n',
    'parts/kustomization.yaml': 'kind: Component\n',
  });
  const kustomize = `case $2 in */prod) name=prod port=0;; *) name=base port=80;; esac
/bin/cat <<END\n${WEB.replace(asArgument('web'), asArgument('$name')).replace('port: 80', 'port: $port')}END`;
  const { exitCode, stdout, stderr } = await run(
    ['validate', '--each-kustomization', root],
    programs({ kustomize }),
  );
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    `kustomize build ${root}/base: objects: 1 valid, 0 invalid, 0 passed over\n` +
      `kustomize build ${root}/prod: objects: 0 valid, 1 invalid, 0 passed over\n`,
  );
  expect(stdout).toContain(`<kustomize build ${root}/prod>:4:`);
  expect(stdout).not.toContain('cluster-ip-not-taken');
});

test('--each-kustomization does not take a tree without any for a good one', async () => {
  const root = tree({ 'web.yaml': WEB, 'parts/kustomization.yaml': 'kind: Component\n' });
  const { exitCode, stdout } = await run(['validate', '--each-kustomization', root], programs({}));
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    `error[folder-has-manifests]: the folder "${root}" holds no kustomization that can be built`,
  );
});

test('--each-kustomization says of what is no folder what it wants', async () => {
  const root = tree({ 'kustomization.yaml': 'resources: [web.yaml]\n', 'web.yaml': WEB });
  symlinkSync('gone', join(root, 'link'));
  const said = async (path: string) => {
    const { exitCode, stdout } = await run(['validate', '--each-kustomization', path], programs({}));
    return `${exitCode} ${stdout.split('\n', 1)[0]}`;
  };
  const file = join(root, 'web.yaml');
  expect(await said(file)).toBe(
    `1 error[input-readable]: --each-kustomization takes folders, and "${file}" is a file`,
  );
  expect(await said('-')).toBe(
    '1 error[input-readable]: --each-kustomization takes folders, and "-" is stdin',
  );
  expect(await said(join(root, 'gone'))).toBe(
    `1 error[input-exists]: there is no file or folder "${root}/gone"`,
  );
  expect(await said(join(root, 'link'))).toBe(
    `1 error[input-exists]: the link "${root}/link" leads nowhere, since there is no "${root}/gone"`,
  );
});

test.each([
  [['--set', 'port=80', 'web.yaml'], 'error: --set is for --helm <chart>, which is not given'],
  [['--values', 'prod.yaml', 'web.yaml'], 'error: --values is for --helm <chart>, which is not given'],
  [['--each-kustomization'], 'error: --each-kustomization looks for kustomizations in folders: name some'],
])('%s without what it is for is wrong usage', async (argv, message) => {
  const { exitCode, stdout, stderr } = await run(['validate', ...argv], programs({}));
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(message);
});

test('a kustomization that is found may make nothing, one that is named may not', async () => {
  const root = tree({
    'base/kustomization.yaml': 'resources: [web.yaml]\n',
    'soon/kustomization.yaml': 'resources: []\n',
  });
  const path = programs({ kustomize: `case $2 in */soon) ;; *) ${echo}\n;; esac` });
  expect(await run(['validate', '--each-kustomization', root], path)).toMatchObject({ exitCode: 0 });
  const { exitCode, stdout } = await run(['validate', '-k', join(root, 'soon')], path);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('error[input-has-manifests]');
});
