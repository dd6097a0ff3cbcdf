import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFences } from '../support/docs/fences.ts';
import { writeTree } from '../support/package/action.ts';
import { pack } from '../support/package/pack.ts';
import { type Registry, serveRegistry } from '../support/package/registry.ts';
import { type Run, run } from '../support/package/run.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-examples-'));
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
/** Our repository, with one commit that has the work tree. */
const ours = join(dir, 'tree');
let registry: Registry;
afterAll(() => {
  registry.close();
  rmSync(dir, { recursive: true });
});
beforeAll(async () => {
  const tarball = pack(ours);
  registry = await serveRegistry(tarball, version);
  rmSync(tarball);
  commit(ours);
});

function git(folder: string, ...args: readonly string[]): string {
  const user = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  return execFileSync('git', [...user, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function commit(folder: string): void {
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', 'a commit');
}

/** A checkout with manifests and cases in `k8s`, which has its own commit as origin/main. */
function checkout(name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = join(dir, name, 'checkout');
  cpSync('fixtures/traffic/shop', join(folder, 'k8s'), { recursive: true });
  rmSync(join(folder, 'k8s/expected'), { recursive: true });
  writeTree(folder, files);
  commit(folder);
  git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  return folder;
}

const examples = readFences('docs/ci.md');
const env = () => ({
  PATH: `${dir}/prefix/bin:${process.env.PATH}`,
  HOME: dir,
  npm_config_registry: registry.url,
  npm_config_prefix: `${dir}/prefix`,
});

const expectToPass = ({ exitCode, stdout, stderr }: Run) =>
  expect({ exitCode, log: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, log: '' });

const BROKEN = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 0 }] }\n';

test('the script for any system', async () => {
  const [script] = examples.filter(({ language }) => language === 'sh');
  const cwd = checkout('script');
  expectToPass(await run('sh', ['-e', '-c', script?.text ?? 'exit 9'], { cwd, env: env() }));
  writeTree(cwd, { 'k8s/broken.yaml': BROKEN });
  expect((await run('sh', ['-e', '-c', script?.text ?? ''], { cwd, env: env() })).exitCode).toBe(1);
});

test('the commands for Jenkins', async () => {
  const [pipeline] = examples.filter(({ language }) => language === 'groovy');
  const commands = [...(pipeline?.text ?? '').matchAll(/^ +sh '(.*)'$/gm)].map(([, command = '']) => command);
  expect(commands).toHaveLength(2);
  const cwd = checkout('jenkins');
  for (const command of commands) expectToPass(await run('sh', ['-xe', '-c', command], { cwd, env: env() }));
});

const hasPreCommit = spawnSync('pre-commit', ['--version']).status === 0;
describe.skipIf(!hasPreCommit && process.env.SVCGEN_KERNEL !== 'required')('pre-commit', () => {
  const configurations = examples.filter(({ text }) => text.startsWith('repos:'));

  /** Runs the hooks of an example, on all files by default. */
  function preCommit(cwd: string, variables: NodeJS.ProcessEnv, files: readonly string[] = ['--all-files']) {
    const all = { ...variables, PRE_COMMIT_HOME: join(dir, 'pre-commit') };
    return run('pre-commit', ['run', ...files, '--verbose'], { cwd, env: all });
  }

  // Its tools come from the registry that this machine knows.
  test('builds from our repository, passes, and fails where something is wrong', async () => {
    const text = configurations[0]?.text ?? '';
    const configuration = text
      .replace('https://github.com/svcgen/svcgen', ours)
      .replace('v1.0.0', git(ours, 'rev-parse', 'HEAD'));
    expect(configuration).toContain(ours);
    const cwd = checkout('hooks', { '.pre-commit-config.yaml': configuration });
    expectToPass(await preCommit(cwd, process.env));
    writeTree(cwd, { 'deleted.yaml': 'a: b\n' });
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-q', '-m', 'one more');
    git(cwd, 'rm', '-q', 'deleted.yaml');
    const deleting = await preCommit(cwd, process.env, []);
    expect(deleting.stdout).toMatch(/svcgen validate\.+Passed.*svcgen test\.+Passed/s);
    writeTree(cwd, { 'k8s/broken.yaml': BROKEN });
    const { exitCode, stdout } = await preCommit(cwd, process.env);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/svcgen validate\.+Failed/);
    expect(stdout).toContain('k8s/broken.yaml:4:');
  });

  test('installs the package, passes, and fails where something is wrong', async () => {
    const cwd = checkout('local', { '.pre-commit-config.yaml': configurations[1]?.text ?? '' });
    expectToPass(await preCommit(cwd, env()));
    writeTree(cwd, { 'k8s/broken.yaml': BROKEN });
    expect((await preCommit(cwd, env())).exitCode).toBe(1);
  });

  test('has hooks that pre-commit takes', () => {
    expect(configurations).toHaveLength(2);
    const { status, stdout } = spawnSync('pre-commit', ['validate-manifest', '.pre-commit-hooks.yaml'], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });
});
