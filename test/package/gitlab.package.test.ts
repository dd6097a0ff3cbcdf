import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readFences } from '../support/docs/fences.ts';
import { writeTree } from '../support/package/action.ts';
import { nodeOf } from '../support/package/node-of.ts';
import { pack } from '../support/package/pack.ts';
import { type Registry, serveRegistry } from '../support/package/registry.ts';
import { type Run, run } from '../support/package/run.ts';
import { elementsOf, parseXml } from '../support/parse-xml.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-gitlab-'));
const { version }: { version: string } = JSON.parse(readFileSync('package.json', 'utf8'));
let registry: Registry;
let bin = '';
afterAll(() => {
  registry.close();
  rmSync(dir, { recursive: true });
});

/** A program that resolves pipelines of GitLab as GitLab does, and checks them by its schema. It wants Node 22. */
beforeAll(async () => {
  bin = nodeOf('24', join(dir, 'node'));
  const install = ['install', '--no-save', '--no-audit', '--no-fund', 'gitlab-ci-local@4.75.1'];
  mkdirSync(join(dir, 'local'));
  execFileSync('npm', install, { cwd: join(dir, 'local'), stdio: 'pipe' });
  registry = await serveRegistry(pack(join(dir, 'tree')), version);
});

let projects = 0;
/** A project with this pipeline, our components in `templates`, and manifests with cases in `k8s`. */
function project(pipeline: string, files: Readonly<Record<string, string>> = {}): string {
  projects += 1;
  const folder = join(dir, `project-${projects}`);
  cpSync('fixtures/traffic/shop', join(folder, 'k8s'), { recursive: true });
  rmSync(join(folder, 'k8s/expected'), { recursive: true });
  cpSync('templates', join(folder, 'templates'), { recursive: true });
  writeTree(folder, { '.gitlab-ci.yml': pipeline, ...files });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init', '-q');
  git('add', '-A', '-f');
  git('commit', '-q', '-m', 'a project');
  git('remote', 'add', 'origin', 'git@gitlab.com:shop/shop.git');
  return folder;
}

interface Job {
  readonly variables?: Readonly<Record<string, string>>;
  readonly script?: readonly string[];
  readonly artifacts?: { readonly reports: Readonly<Record<string, string | readonly string[]>> };
}

interface Result extends Run {
  /** The files that are shown. */
  readonly reports: readonly string[];
}

/** Resolves the pipeline, and runs the scripts of its jobs in the project, as the runner of GitLab does (shells/bash.go). */
async function runPipeline(folder: string): Promise<Result> {
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: dir, npm_config_registry: registry.url };
  const program = join(dir, 'local/node_modules/gitlab-ci-local/dist/index.js');
  const args = [program, '--preview', '--home', join(dir, 'home')];
  const preview = await run(join(bin, 'node'), args, { cwd: folder, env });
  let result: Result = { ...preview, reports: [] };
  if (preview.exitCode !== 0) return result;
  const pipeline: Readonly<Record<string, Job>> = parse(preview.stdout);
  for (const { variables = {}, script, artifacts } of Object.values(pipeline)) {
    if (script === undefined) continue;
    const ran = await run('bash', ['-eo', 'pipefail', '-c', script.join('\n')], {
      cwd: folder,
      env: { ...env, ...variables },
    });
    const reports = Object.values(artifacts?.reports ?? {}).flat();
    result = { ...ran, exitCode: result.exitCode || ran.exitCode, reports: [...result.reports, ...reports] };
  }
  return result;
}

const include = (component: string, inputs: Readonly<Record<string, string>>) =>
  `include: ${JSON.stringify([{ local: `templates/${component}.yml`, inputs: { version, ...inputs } }])}\n`;

const BROKEN = 'apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { ports: [{ port: 0 }] }\n';

describe('the component validate', () => {
  test('passes, with an empty report, where nothing is wrong', async () => {
    const folder = project(include('validate', { path: 'k8s', options: '--disable selector-matches-pods' }));
    const { exitCode, stdout, stderr } = await runPipeline(folder);
    expect({ exitCode, log: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, log: '' });
    const report: unknown = JSON.parse(readFileSync(join(folder, 'svcgen-codequality.json'), 'utf8'));
    expect(report).toEqual(expect.any(Array));
  });

  test('fails, with a report, where something is', async () => {
    const folder = project(include('validate', {}), { 'k8s/broken.yaml': BROKEN });
    expect((await runPipeline(folder)).exitCode).toBe(1);
    const report: unknown = JSON.parse(readFileSync(join(folder, 'svcgen-codequality.json'), 'utf8'));
    const issue = {
      check_name: 'service-port-in-range',
      location: { path: 'k8s/broken.yaml', lines: { begin: 4 } },
    };
    expect(report).toEqual(expect.arrayContaining([expect.objectContaining(issue)]));
  });

  test('takes nothing from the checkout, and follows no link of it', async () => {
    const victim = join(dir, 'victim');
    writeTree(dir, { victim: 'precious' });
    const folder = project(include('validate', { path: 'k8s' }), {
      '.npmrc': 'registry=http://127.0.0.1:9/\n',
      'node_modules/.bin/svcgen': '#!/bin/sh\ntouch pwned\n',
      'k8s/$(touch pwned).yaml': BROKEN,
    });
    symlinkSync(victim, join(folder, 'svcgen-codequality.json'));
    await runPipeline(folder);
    const report = readFileSync(join(folder, 'svcgen-codequality.json'), 'utf8');
    expect(report).toContain('"path":"k8s/$(touch pwned).yaml"');
    expect({ victim: readFileSync(victim, 'utf8'), isPwned: existsSync(join(folder, 'pwned')) }).toEqual({
      victim: 'precious',
      isPwned: false,
    });
  });

  test.each([
    ['path', '"; touch pwned; "'],
    ['path', '$(touch pwned)'],
    ['options', '; touch pwned'],
    ['version', '1; touch pwned'],
  ])('refuses %s: %s', async (name, value) => {
    const folder = project(include('validate', { [name]: value }));
    const { exitCode, stdout, stderr } = await runPipeline(folder);
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toContain(name);
    expect(existsSync(join(folder, 'pwned'))).toBe(false);
  });
});

test('the component test reports which cases fail', async () => {
  const folder = project(include('test', { path: 'k8s' }));
  expect((await runPipeline(folder)).exitCode).toBe(0);
  expect(elementsOf(parseXml(readFileSync(join(folder, 'svcgen-test.xml'), 'utf8')), 'failure')).toEqual([]);
  cpSync('fixtures/traffic/shop-failing', join(folder, 'k8s'), { recursive: true, force: true });
  rmSync(join(folder, 'k8s/expected'), { recursive: true });
  expect((await runPipeline(folder)).exitCode).toBe(1);
  const failures = elementsOf(parseXml(readFileSync(join(folder, 'svcgen-test.xml'), 'utf8')), 'failure');
  expect(failures.length).toBeGreaterThan(0);
});

const pipelines = readFences('docs/ci.md').filter(({ text }) => /^include:|^ +image: node/m.test(text));

test.each(pipelines.filter(({ language }) => language === 'yaml'))('example %#', async ({ text }) => {
  const remote = /remote: https:\/\/raw\.githubusercontent\.com\/svcgen\/svcgen\/v[\d.]+\//g;
  const folder = project(text.replace(remote, 'local: '));
  const { exitCode, stdout, stderr, reports } = await runPipeline(folder);
  expect({ exitCode, log: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, log: '' });
  expect(reports.length).toBeGreaterThan(0);
  expect(reports.filter((report) => !existsSync(join(folder, report)))).toEqual([]);
});
