import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { codeRecords } from '../../src/cli/describe-code/code-records.ts';
import { KUBERNETES_VERSIONS } from '../../src/kubernetes/versions.ts';
import { runProgram, runQuietly } from '../support/run-program.ts';
import { flagLines, formatLines, integrationLines, jsonLines } from '../support/stability/promised-lines.ts';
import { cleanedNames, nameLines, ruleLines } from '../support/stability/promised-rules.ts';

/**
 * docs/stability.md, row by row. What is promised is in fixtures/stability: lines, each of which must still be true, and the
 * declarations of the library. `npm run golden` adds what is new. It takes nothing out: whoever breaks a promise does that by hand.
 */
const promised = 'fixtures/stability';
const isWriting = process.env.GOLDEN === 'write';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-stability-'));
afterAll(() => rmSync(dir, { recursive: true }));

function readLines(name: string): readonly string[] {
  const path = `${promised}/${name}.txt`;
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

/** Every promised line is among those of now. */
function expectKept(name: string, now: readonly string[]): void {
  const lines = readLines(name);
  const known = new Set(now);
  expect(lines.filter((line) => !known.has(line))).toEqual([]);
  const all = [...new Set([...lines, ...now])].sort();
  if (isWriting) writeFileSync(`${promised}/${name}.txt`, `${all.join('\n')}\n`);
  expect(readLines(name).length).toBeGreaterThan(5);
}

const GOOD = 'fixtures/quickstart';
const BAD = 'fixtures/invalid/node-port-in-range/input.yaml';
const CHANGE = ['fixtures/diff/port/old.yaml', 'fixtures/diff/port/new.yaml'];

const ENDS: readonly (readonly [exitCode: number, ...argv: string[]])[] = [
  [0, 'validate', GOOD],
  [1, 'validate', BAD],
  [0, 'diff', GOOD, GOOD],
  [1, 'diff', ...CHANGE],
  [2, 'diff', GOOD, BAD],
  [0, 'test', 'fixtures/traffic/shop'],
  [1, 'test', 'fixtures/traffic/shop-failing'],
];

/** These print nothing. */
const REFUSED: readonly (readonly [exitCode: number, ...argv: string[]])[] = [
  [1, 'render', BAD],
  [1, 'render', BAD, '--script'],
  [1, 'render', GOOD, '--output-file', '/proc/nowhere/rules'],
  [1, 'env', BAD],
  [1, 'endpoints', BAD],
  [1, 'dns', BAD],
  [1, 'explain', BAD, '--to', '10.0.0.1:80'],
  [1, 'graph', BAD],
  [2, 'diff', BAD, BAD],
  [2, 'svcgen'],
  ...[
    'render',
    'validate',
    'env',
    'endpoints',
    'dns',
    'explain',
    'diff',
    'graph',
    'view',
    'test',
    'config',
    'doctor',
    'cleanup',
  ].map((name) => [2, name, '--no-such-option'] as const),
];

/** A program that loads this first has a bug. */
const BUG = `Array.prototype.sort = () => { throw new TypeError('a bug'); };`;

/** Words between braces of a line of declarations: `export { compile, load };` */
function namesIn(text: string, line: string): readonly string[] {
  return (new RegExp(`^${line} \\{ (.*) \\};$`, 'm').exec(text)?.[1] ?? '').split(', ');
}

/**
 * A program for the declarations that were promised. Those of now must do in their place, and functions have to take the same
 * options: TypeScript by itself lets an optional one go.
 */
function programFor(name: string): string {
  const promisedText = readFileSync(`${promised}/${name}.d.ts`, 'utf8');
  const now = JSON.stringify(resolve(`dist/${name}.js`));
  const functions = namesIn(promisedText, 'export').map(
    (each) =>
      `export const ${each} = (options: Options<typeof then.${each}>): Options<typeof now.${each}> => options;`,
  );
  return `import * as now from ${now};
import type * as then from ${JSON.stringify(resolve(`${promised}/${name}.js`))};
export type { ${namesIn(promisedText, 'export type').join(', ')} } from ${now};
export const all: typeof then = now;
type Options<F> = F extends (...args: infer A) => unknown ? { [I in keyof A]: keyof NonNullable<A[I]> } : F;
${functions.join('\n')}
`;
}

/** What TypeScript says of those programs. */
function compileForPromised(): string {
  const files = ['index', 'stages'].map((name) => join(dir, `${name}.ts`));
  for (const path of files) writeFileSync(path, programFor(basename(path, '.ts')));
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: [] };
  writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const compiler = 'node_modules/typescript/bin/tsc';
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, '--project', dir], { encoding: 'utf8' });
  return stdout + stderr;
}

const PROMISES: Readonly<Record<string, () => void | Promise<void>>> = {
  'Flags and commands': async () => expectKept('flags', await flagLines()),

  'Exit status': async () => {
    for (const [exitCode, ...argv] of [...ENDS, ...REFUSED])
      expect([(await runProgram(argv)).exitCode, ...argv]).toEqual([exitCode, ...argv]);
    writeFileSync(join(dir, 'bug.cjs'), BUG);
    const argv = ['--require', join(dir, 'bug.cjs'), 'bin/svcgen.js', 'render', GOOD];
    const { status, stdout } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
  },

  'stdout on an error': async () => {
    for (const [, ...argv] of REFUSED)
      expect([(await runProgram(argv)).stdout, ...argv]).toEqual(['', ...argv]);
  },

  'Codes of diagnostics': () => expectKept('codes', [...codeRecords().keys()]),

  'JSON outputs': async () => expectKept('json', await jsonLines()),

  'Files of svcgen': () => expectKept('formats', formatLines()),

  'Names of chains, sets and tables': async () => {
    expectKept('names', nameLines());
    const cleaned = await cleanedNames();
    expect(readLines('names').filter((name) => !cleaned.includes(name))).toEqual([]);
  },

  'Rules of a Kubernetes version': () => expectKept('rules', ruleLines()),

  'Without `--kubernetes-version`': async () => {
    const newest = KUBERNETES_VERSIONS.at(-1) ?? '';
    for (const mode of ['iptables', 'ipvs', 'nftables']) {
      const argv = ['render', GOOD, '--node', 'node-a', '--mode', mode];
      const named = await runQuietly([...argv, '--kubernetes-version', newest]);
      expect(await runQuietly(argv)).toEqual(named);
    }
  },

  'Lock files': async () => {
    const lock = join(dir, 'svcgen.lock');
    cpSync(`${promised}/svcgen.lock`, lock);
    const text = readFileSync(lock, 'utf8');
    const argv = ['render', 'fixtures/valid/allocation/input.yaml', '--node', 'node-a', '--lock', lock];
    const { stdout } = await runQuietly(argv);
    expect(readFileSync(lock, 'utf8')).toBe(text);
    for (const address of text.match(/\b10\.\d+\.\d+\.\d+/g) ?? []) expect(stdout).toContain(address);
  },

  Library: () => {
    expect(compileForPromised()).toBe('');
    if (isWriting)
      for (const name of ['index', 'stages']) cpSync(`dist/${name}.d.ts`, `${promised}/${name}.d.ts`);
  },

  'Action, components and hooks': () => expectKept('integrations', integrationLines()),

  'Node.js': () => expect(packageJson.engines).toEqual({ node: '>=20.12' }),
};

test('docs/stability.md promises this', () => {
  const rows = [...readFileSync('docs/stability.md', 'utf8').matchAll(/^\| (.*?) +\|/gm)];
  expect(rows.slice(2).map(([, promise]) => promise)).toEqual(Object.keys(PROMISES));
});

test.each(Object.entries(PROMISES))('%s', (_, check) => check());
