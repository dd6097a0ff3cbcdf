import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { obeyedLines } from '../support/obeyed-lines.ts';
import { type ProgramRun, runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-kubectl-'));
afterAll(() => rmSync(dir, { recursive: true }));
beforeEach(() => rmSync(join(dir, 'asked'), { force: true }));

const service = (port: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { clusterIP: '10.96.0.10', ports: [{ port }] },
});
const LIST = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [service(80)] });

const KINDS = 'services,endpointslices.discovery.k8s.io,pods,nodes';
const ALL_KINDS = `${KINDS},servicecidrs.networking.k8s.io`;

/** A kubectl that writes down its arguments. */
function fakeKubectl(body = `/bin/cat <<'END'\n${LIST}\nEND`): void {
  const script = `#!/bin/sh\necho "$*" >> ${join(dir, 'asked')}\n${body}\n`;
  writeFileSync(join(dir, 'kubectl'), script);
  chmodSync(join(dir, 'kubectl'), 0o755);
}

function asked(): readonly string[] {
  try {
    return readFileSync(join(dir, 'asked'), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}

/** As kubectl starts a plugin in a terminal, unless something is piped in. */
function plugin(argv: readonly string[], piped?: string): Promise<ProgramRun> {
  const stdinIsPiped = piped !== undefined;
  const terminal = { program: 'kubectl svcgen', env: { PATH: dir }, stdinIsPiped } as const;
  return runProgram(argv, piped, { ...terminal, stdinIsTTY: !stdinIsPiped });
}

describe('kubectl svcgen', () => {
  test('asks kubectl for the cluster when it is given nothing', async () => {
    fakeKubectl();
    const { exitCode, stdout } = await plugin(['render']);
    expect({ exitCode, asked: asked() }).toEqual({ exitCode: 0, asked: [`get ${ALL_KINDS} -A -o json`] });
    expect(stdout).toContain('10.96.0.10');
  });

  test.each([
    ['explain', '--to', 'web:80'],
    ['validate'],
    ['env'],
    ['dns'],
    ['endpoints'],
    ['test', '--record'],
  ])('%s does', async (...argv) => {
    fakeKubectl();
    expect(await plugin(argv)).toMatchObject({ exitCode: 0 });
    expect(asked()).toHaveLength(1);
  });

  test('hands on which cluster, each as one argument', async () => {
    fakeKubectl(`[ "$7" = "--context=-a b" ] || exit 9\n/bin/cat <<'END'\n${LIST}\nEND`);
    const result = await plugin(['render', '--kubeconfig', 'my config', '--context=-a b']);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(asked()).toEqual([`get ${ALL_KINDS} -A -o json --kubeconfig=my config --context=-a b`]);
  });

  test('does without ServiceCIDRs where a cluster has none', async () => {
    fakeKubectl(`case $2 in *servicecidrs*)
      echo 'error: the server doesn'"'"'t have a resource type "servicecidrs"' >&2; exit 1 ;; esac
      /bin/cat <<'END'\n${LIST}\nEND`);
    expect(await plugin(['render'])).toMatchObject({ exitCode: 0 });
    expect(asked()).toEqual([`get ${ALL_KINDS} -A -o json`, `get ${KINDS} -A -o json`]);
  });

  test('says what kubectl says when it fails, and prints nothing', async () => {
    fakeKubectl(
      'echo "E1127 19:20:25.696617 3782 memcache.go:265] a try" >&2; echo "Unable to connect to the server" >&2; exit 1',
    );
    const { exitCode, stdout, stderr } = await plugin(['render']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`"kubectl get ${ALL_KINDS} -A -o json" failed: Unable to connect to the server`);
  });

  test.each([
    ['a page of a proxy', "echo '<html>::error::sign in</html>'"],
    ['bytes that are no text', "printf '\\377\\376\\000::error::'"],
    ['half a list', `printf '%s' '${LIST.slice(0, -20)}'`],
    ['what terminals obey', "printf '\\033]0;owned\\007\\n::error::pwned\\n'"],
    ['that in complaints', "printf '\\033[31m::error::pwned\\n##[error]pwned\\n' >&2; exit 1"],
    ['that in names', `printf '%s' '${LIST.replaceAll('"web"', '"X\\n::error::\\u001b[31m"')}'`],
  ])('is not fooled by a kubectl that prints %s', async (_, body) => {
    fakeKubectl(body);
    const { exitCode, stdout, stderr } = await plugin(['render']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('kubectl get');
    expect(obeyedLines(stderr)).toEqual([]);
  });

  test('compares the cluster with the one side that diff names', async () => {
    fakeKubectl();
    const path = join(dir, 'new.json');
    writeFileSync(path, JSON.stringify(service(81)));
    const { exitCode, stdout } = await plugin(['diff', path]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('81');
  });

  test('compares the cluster with the rules of a node that are piped in', async () => {
    fakeKubectl();
    const { stdout: rules } = await plugin(['render']);
    const node = ['--node', 'n1'];
    expect(await plugin(['diff', '--rules', '-', ...node], rules)).toMatchObject({ exitCode: 0 });
  });

  test.each([
    [['render', 'fixtures/quickstart'], undefined],
    [['render', '-f', 'fixtures/quickstart'], undefined],
    [['render'], LIST],
    [['diff', 'fixtures/quickstart', 'fixtures/quickstart'], undefined],
    [['validate', '--explain', 'node-port-in-range'], undefined],
    [['completion', 'bash'], undefined],
    [['cleanup'], undefined],
    [['doctor'], undefined],
    [['config'], undefined],
  ])('reads what is given, and asks nobody: %j', async (argv, piped) => {
    fakeKubectl();
    expect(await plugin(argv, piped)).toMatchObject({ exitCode: 0 });
    expect(asked()).toEqual([]);
  });
});

test('svcgen by itself asks nobody, and has no option for it', async () => {
  fakeKubectl();
  const terminal = { env: { PATH: dir }, stdinIsTTY: true };
  expect(await runProgram(['render'], '', terminal)).toMatchObject({ exitCode: 2 });
  expect(await runProgram(['render', '--context', 'prod'], '', terminal)).toMatchObject({ exitCode: 2 });
  expect(asked()).toEqual([]);
});

test('help speaks of kubectl svcgen there', async () => {
  const { stdout } = await plugin(['render', '--help']);
  expect(stdout).toContain('Usage: kubectl svcgen render');
  expect(stdout).toContain('--kubeconfig <file>');
});
