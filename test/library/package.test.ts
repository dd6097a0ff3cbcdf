import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

interface PackedPackage {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'svcgen-package-'));
const installed = join(folder, 'node_modules/svcgen');
let files: PackedPackage['files'] = [];
let archive = '';

/** Runs a program, which must not fail. */
function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, output: '' });
  return stdout;
}

beforeAll(() => {
  const packed: readonly PackedPackage[] = JSON.parse(
    run('npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder),
  );
  const [{ filename, files: found } = { filename: '', files: [] }] = packed;
  files = found;
  archive = join(folder, filename);
  mkdirSync(join(folder, 'node_modules'));
  run('tar', '-xzf', archive, '-C', folder);
  renameSync(join(folder, 'package'), installed);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('what is published', () => {
  test('is the program, the library, the manual and the schemas', () => {
    const names = files.map(({ path }) => path);
    const known =
      /^(?:bin\/(?:(?:kubectl-)?svcgen\.js|package\.json)|dist\/(?:cli\/[a-z]+\.js|(?:index|stages)\.(?:js|d\.ts)|shared-\w+\.js|THIRD-PARTY-LICENSES\.txt|svcgen\.cdx\.json|page\.html)|man\/svcgen\.1|schemas\/.*|package\.json|(?:README|CHANGELOG)\.md|LICENSE)$/;
    expect(names.filter((name) => !known.test(name))).toEqual([]);
    const wanted = [
      'dist/cli/program.js',
      'dist/cli/render.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/stages.js',
      'dist/stages.d.ts',
      'dist/page.html',
    ];
    expect(names).toEqual(expect.arrayContaining(wanted));
  });

  test('is there when npm has installed it globally: program and manual', () => {
    const prefix = join(folder, 'global');
    run(
      'npm',
      'install',
      '--global',
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--prefix',
      prefix,
      archive,
    );
    expect(existsSync(join(prefix, 'bin/svcgen'))).toBe(true);
    expect(existsSync(join(prefix, 'share/man/man1/svcgen.1'))).toBe(true);
  });

  test('has declarations of what programs call, and of no rules', () => {
    const texts = ['index', 'stages'].map((name) =>
      readFileSync(join(installed, `dist/${name}.d.ts`), 'utf8'),
    );
    const text = texts.join('\n');
    // Options, what they ask for, and the facts of each version: some 105,000. Rules alone would be 2 million.
    expect(text.length).toBeLessThan(130_000);
    expect(text).toMatch(/^interface Cluster\b/m);
    const internals =
      /^(?:interface|type|declare (?:const|function)) (?:Mode|Rule|Chain|Table|Match|Action|Nft[A-Z]\w*|is\w+Shape|\w*Codes)\b.*/gm;
    expect(text.match(internals) ?? []).toEqual([]);
  });
});

const PROGRAM = `
import { compile, explain, hasErrors, load, noColors, printPretty, validateManifests } from 'svcgen';
import type { ArtifactName, CompileOptions, Diagnostic, ManifestFile, ProxyMode } from 'svcgen';
import { defaultValidateOptions, type Manifest, parse, validate } from 'svcgen/stages';

const files: readonly ManifestFile[] = [{ path: 'web.yaml', text: '' }, { path: 'b.json', bytes: new Uint8Array() }];
const mode: ProxyMode = 'nftables';
const options: CompileOptions = { mode, nodeName: 'worker-1', masqueradeAll: undefined, nodePortRange: { first: 1, last: 2 } };
const { artifacts, lock, diagnostics } = compile(load(files), options);
export const texts: string[] = [];
if (artifacts === undefined) texts.push(...printPretty(diagnostics, { colors: noColors }));
else for (const [name, { fileName, text }] of artifacts) texts.push((name satisfies ArtifactName) + fileName + text());
export const kept: string | undefined = lock;
export const problems: readonly Diagnostic[] = validateManifests(files, { strict: true }).diagnostics;
export const ways = explain(files, { to: 'default/web:http' }).explanation?.ways.map(({ result }) => result);

const manifests: readonly Manifest[] = parse([{ path: 'web.yaml', bytes: new Uint8Array() }]).manifests;
const validated = validate(manifests, defaultValidateOptions);
export const isFine: boolean = !hasErrors(validated.diagnostics);
export const names: readonly string[] = validated.cluster.services.map(({ name }) => name);
// @ts-expect-error: a mode that there is not
compile(files, { mode: 'userland' });
// @ts-expect-error: there may be none
artifacts.get('nftables');
`;

/** What TypeScript has to say about a program that uses the package. */
function compileProgram(program: string, options: object): string {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'program.ts'), program);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', types: [], ...options };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const compiler = resolve('node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, '--project', folder], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

describe('a program in TypeScript', () => {
  test.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'nodenext', moduleResolution: 'nodenext', exactOptionalPropertyTypes: true },
    { module: 'esnext', moduleResolution: 'bundler', exactOptionalPropertyTypes: true },
  ])('compiles with $moduleResolution', (options) => {
    expect(compileProgram(PROGRAM, options)).toBe('');
  });

  test('is told what it does wrong', () => {
    const wrong = "import { parse } from 'svcgen/stages';\nparse('web.yaml');\n";
    expect(compileProgram(wrong, { module: 'node16' })).toContain('program.ts(2,7): error TS2345');
  });
});
