import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFences } from '../support/docs/fences.ts';
import { obeyedLines } from '../support/obeyed-lines.ts';
import { readAction, runAction, writeTree } from '../support/package/action.ts';
import { githubParser } from '../support/package/github-parser.ts';
import { pack } from '../support/package/pack.ts';
import { type Registry, serveRegistry } from '../support/package/registry.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-action-'));
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
const temp = join(dir, 'runner');
const home = join(dir, 'home');
let registry: Registry;
afterAll(() => {
  registry.close();
  rmSync(dir, { recursive: true });
});

beforeAll(async () => {
  for (const folder of [temp, home]) mkdirSync(folder);
  registry = await serveRegistry(pack(join(dir, 'tree')), version);
});

let checkouts = 0;
/** A new checkout whose only commit holds the application of README, and what else is named. */
function checkOut(files: Readonly<Record<string, string>> = {}): string {
  checkouts += 1;
  const workspace = join(dir, `checkout-${checkouts}`);
  cpSync('fixtures/quickstart', join(workspace, 'k8s'), { recursive: true });
  writeTree(workspace, files);
  git(workspace, 'init', '-q', '-b', 'main');
  commit(workspace);
  return workspace;
}

function git(workspace: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
    cwd: workspace,
    stdio: 'pipe',
  });
}

function commit(workspace: string): void {
  git(workspace, 'add', '-A', '-f');
  git(workspace, 'commit', '-q', '-m', 'a change');
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly WorkflowStep[] }>>;
}

interface WorkflowStep {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}

const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps);

function act(workspace: string, inputs: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env.PATH ?? '', HOME: home, npm_config_registry: registry.url };
  return runAction(inputs, { workspace, temp, env });
}

const BROKEN = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 0 }] }\n';
const REDIS = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 6379 }] }\n';

describe('action.yml', () => {
  test('is an action to the parser of GitHub', () => {
    const parser = githubParser(join(dir, 'parser'));
    expect(parser.errorsIn('action', readFileSync('action.yml', 'utf8'))).toEqual([]);
    expect(parser.errorsIn('action', 'name: x\nruns: { using: composite, steps: [{ run: x }] }')).not.toEqual(
      [],
    );
  });

  test('is used in docs/ci.md as the parser of GitHub and its inputs allow', () => {
    const parser = githubParser(join(dir, 'parser'));
    const inputs = Object.keys(readAction().inputs);
    const workflows = readFences('docs/ci.md').filter(({ text }) => /^ +runs-on:/m.test(text));
    expect(workflows.length).toBeGreaterThan(0);
    for (const { text } of workflows) {
      expect(parser.errorsIn('workflow', text)).toEqual([]);
      const steps = stepsOf(parse(text)).filter(({ uses = '' }) => uses.startsWith('svcgen/svcgen@'));
      expect(steps.length).toBeGreaterThan(0);
      for (const { with: given = {} } of steps)
        expect(inputs).toEqual(expect.arrayContaining(Object.keys(given)));
    }
  });

  test('never has an expression in a script', () => {
    const { steps } = readAction().runs;
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.filter(({ run }) => run.includes('${{'))).toEqual([]);
  });
});

describe('the action', () => {
  test('finds nothing wrong where nothing is', async () => {
    const { exitCode, log, outputs, summary } = await act(checkOut());
    expect({ exitCode, log }).toEqual({ exitCode: 0, log: expect.stringContaining('valid') });
    expect(JSON.parse(readFileSync(outputs.sarif ?? '', 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect({ summary, diff: outputs.diff, changed: outputs.changed }).toEqual({
      summary: '',
      diff: '',
      changed: '',
    });
  });

  test('annotates what is wrong, fails, and still has its reports', async () => {
    const workspace = checkOut({ 'k8s/broken.yaml': BROKEN });
    const { exitCode, log, outputs } = await act(workspace, { paths: 'k8s' });
    expect(exitCode).toBe(1);
    expect(log).toMatch(/^::error file=k8s\/broken\.yaml,line=4,.*title=service-port-in-range::/m);
    const sarif = readFileSync(outputs.sarif ?? '', 'utf8');
    expect(sarif).toContain('"uri":"k8s/broken.yaml"');
  });

  test('says what a change does to traffic', async () => {
    const workspace = checkOut();
    writeTree(workspace, { 'k8s/web.yaml': REDIS });
    commit(workspace);
    const { exitCode, outputs, summary } = await act(workspace, { paths: 'k8s', 'diff-base': 'HEAD~1' });
    expect(exitCode).toBe(0);
    expect(outputs.changed).toBe('true');
    expect(readFileSync(outputs.diff ?? '', 'utf8')).toMatch(/^\*\*1 Service added/);
    expect(summary).toContain('`default/web`');
  });

  test('fetches the base that a shallow checkout lacks', async () => {
    const origin = checkOut();
    const base = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: origin, encoding: 'utf8' }).trim();
    git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    writeTree(origin, { 'k8s/web.yaml': REDIS });
    commit(origin);
    const workspace = join(dir, 'shallow');
    git(dir, 'clone', '-q', '--depth=1', `file://${origin}`, workspace);
    const { exitCode, outputs } = await act(workspace, { 'diff-base': base });
    expect({ exitCode, changed: outputs.changed }).toEqual({ exitCode: 0, changed: 'true' });
  });

  test('compares a path that comes with the change with nothing, and the same with itself', async () => {
    const workspace = checkOut();
    writeTree(workspace, { 'more/web.yaml': REDIS });
    commit(workspace);
    const added = await act(workspace, { paths: 'more', 'diff-base': 'HEAD~1' });
    expect({ exitCode: added.exitCode, changed: added.outputs.changed }).toEqual({
      exitCode: 0,
      changed: 'true',
    });
    const same = await act(workspace, { 'diff-base': 'main' });
    expect({ exitCode: same.exitCode, changed: same.outputs.changed }).toEqual({
      exitCode: 0,
      changed: 'false',
    });
  });

  test('tests traffic, and fails when a case does', async () => {
    const workspace = checkOut();
    for (const name of ['shop', 'shop-failing'])
      cpSync(`fixtures/traffic/${name}`, join(workspace, name), { recursive: true });
    const passing = await act(workspace, { paths: 'shop', test: 'true', validate: 'false' });
    expect({ exitCode: passing.exitCode, sarif: passing.outputs.sarif }).toEqual({ exitCode: 0, sarif: '' });
    const failing = await act(workspace, { paths: 'shop-failing', test: 'true', validate: 'false' });
    expect({ exitCode: failing.exitCode, log: failing.log }).toEqual({
      exitCode: 1,
      log: expect.stringMatching(/^::error file=shop-failing\/.*traffic\.yaml,line=/m),
    });
  });

  test('gives options to svcgen as they are, and leaves out svcgen.yaml when asked', async () => {
    const workspace = checkOut({
      'k8s/broken.yaml': BROKEN,
      'svcgen.yaml': 'disable: [service-port-in-range, target-port-valid]\n',
    });
    expect((await act(workspace)).exitCode).toBe(0);
    expect((await act(workspace, { project: 'false' })).exitCode).toBe(1);
    const args = '--disable\nservice-port-in-range,target-port-valid\n';
    expect((await act(workspace, { project: 'false', args })).exitCode).toBe(0);
  });
});

describe('what strangers write', () => {
  const NAMES = [
    '::error::x.yaml',
    'a\nb.yaml',
    'a\n::set-output name=x::y.yaml',
    '##[group]q.yaml',
    '-o.yaml',
    '--output-file=pwned.yaml',
    '$(touch pwned).yaml',
    '`touch pwned`.yaml',
    "'; touch pwned; '.yaml",
    ' .yaml',
  ];

  test('names of files are neither run nor obeyed', async () => {
    const files = Object.fromEntries(NAMES.map((name) => [`k8s/${name}`, BROKEN]));
    const workspace = checkOut(files);
    const { exitCode, log } = await act(workspace, { 'diff-base': 'HEAD', test: 'true' });
    expect(exitCode).toBe(1);
    const ours = /^::(?:error|warning|notice) (?:file=[^,:]*,line=\d+,col=\d+,endColumn=\d+,)?title=[\w-]+::/;
    expect(obeyedLines(log).filter((line) => !ours.test(line))).toEqual([]);
    expect(log.match(/title=service-port-in-range::/g)).toHaveLength(NAMES.length);
    expect(existsSync(join(workspace, 'pwned'))).toBe(false);
  });

  test.each([
    ['paths', '$(touch pwned)'],
    ['paths', '"; touch pwned; "'],
    ['paths', '--output-file=pwned'],
    ['args', '$(touch pwned)'],
    ['version', '1.0.0; touch pwned'],
    ['version', 'npm:other@1.0.0'],
    ['version', '../pwned'],
    ['diff-base', '--output=pwned'],
    ['diff-base', 'main:refs/heads/pwned'],
    ['diff-base', '$(touch pwned)'],
    ['validate', 'yes'],
  ])('%s: %s is an error', async (name, value) => {
    const workspace = checkOut();
    const { exitCode } = await act(workspace, { [name]: value });
    expect(exitCode).not.toBe(0);
    expect(existsSync(join(workspace, 'pwned'))).toBe(false);
    expect(() => git(workspace, 'rev-parse', '--verify', 'refs/heads/pwned')).toThrow();
  });

  test('neither packages nor settings of the checkout count', async () => {
    const evil = 'require("fs").writeFileSync("pwned", "")';
    const workspace = checkOut({
      '.npmrc': 'registry=http://127.0.0.1:9/\nscript-shell=./pwn.sh\n',
      'node_modules/svcgen/bin/svcgen.js': evil,
      'node_modules/.bin/npm': `#!/usr/bin/env node\n${evil}`,
      'package.json': JSON.stringify({ name: 'evil', scripts: { preinstall: 'touch pwned' } }),
      '.git-hooks/post-checkout': '#!/bin/sh\ntouch pwned',
    });
    const { exitCode } = await act(workspace, { 'diff-base': 'HEAD' });
    expect({ exitCode, isPwned: existsSync(join(workspace, 'pwned')) }).toEqual({
      exitCode: 0,
      isPwned: false,
    });
  });

  test('links lead no report out of the folder of the runner', async () => {
    const workspace = checkOut();
    const victim = join(dir, 'victim');
    writeTree(dir, { victim: 'precious' });
    for (const name of ['svcgen.sarif', 'diff.md', 'nothing.yaml', 'index'])
      symlinkSync(victim, join(workspace, name));
    commit(workspace);
    const { exitCode } = await act(workspace, { paths: 'k8s', 'diff-base': 'HEAD' });
    expect({ exitCode, victim: readFileSync(victim, 'utf8') }).toEqual({ exitCode: 0, victim: 'precious' });
  });
});
