import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'svcgen-code-cache-'));
const scripts = join(folder, 'dist/cli');
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of two commands, without what any Node.js has compiled. */
beforeEach(() => {
  rmSync(folder, { recursive: true });
  mkdirSync(scripts, { recursive: true });
  cpSync('bin', join(folder, 'bin'), { recursive: true });
  for (const name of ['program.js', 'validate.js']) cpSync(join('dist/cli', name), join(scripts, name));
});

function svcgen(args: readonly string[], node: readonly string[] = []) {
  const words = [...node, join(folder, 'bin/svcgen.js'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env: {} });
  return { status, text: stdout + stderr };
}

function caches(): readonly string[] {
  return readdirSync(scripts).filter((name) => !name.endsWith('.js'));
}

/** Lets the script print another text, which has as many characters: V8 alone takes it for the same. */
function editScript(): void {
  const path = join(scripts, 'program.js');
  const text = readFileSync(path, 'latin1').replaceAll(
    'kube-proxy as a compiler',
    'kube-proxy as a confuser',
  );
  writeFileSync(path, text, 'latin1');
}

const JUDGED = ['validate', 'fixtures/quickstart'];

describe('what V8 has compiled', () => {
  test('is kept beside the script of the command that ran, for this Node.js', () => {
    expect(svcgen(JUDGED).status).toBe(0);
    expect(caches()).toEqual([
      expect.stringMatching(`^validate-[0-9a-f]{16}-${process.version}-${process.arch}\\.cache$`),
    ]);
    const [cache = ''] = caches();
    const { mtimeMs } = statSync(join(scripts, cache));
    expect(svcgen(JUDGED).status).toBe(0);
    expect(statSync(join(scripts, cache)).mtimeMs).toBe(mtimeMs);
  });

  test('is used after a run over many files, for which V8 is told to optimise later', () => {
    const many = join(folder, 'many');
    mkdirSync(many);
    for (let index = 0; index < 120; index++)
      cpSync('fixtures/quickstart/frontend.yaml', join(many, `${index}.yaml`));
    const { text } = svcgen(['validate', many, '--each']);
    expect(text).toMatch(/^no problems in 120 files; [^\n]*\n$/);
    const [cache = ''] = caches();
    const { mtimeMs } = statSync(join(scripts, cache));
    svcgen(JUDGED);
    expect(statSync(join(scripts, cache)).mtimeMs).toBe(mtimeMs);
  });

  test('is replaced after a small run when a large one has left it', () => {
    const large = join(folder, 'large.json');
    const items = Array.from({ length: 15_000 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `service-${index}`, namespace: 'default' },
      spec: { ports: [{ port: 80 }] },
    }));
    writeFileSync(large, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    const changed = () => caches().map((name) => statSync(join(scripts, name)).mtimeMs);
    svcgen(['validate', large, '--quiet']);
    expect(changed()).toEqual([0]);
    svcgen(JUDGED);
    const [last = 0] = changed();
    expect(last).toBeGreaterThan(0);
    svcgen(['validate', large, '--quiet']);
    expect(changed()).toEqual([last]);
  });

  test.each([
    ['help', ['validate', '--help'], []],
    ['wrong usage', ['validate', '--colour'], []],
    ['options of Node.js', JUDGED, ['--no-opt']],
  ])('is not kept after %s', (_, args, node) => {
    svcgen(args, node);
    expect(caches()).toEqual([]);
  });

  test('is used', () => {
    svcgen(['--help']);
    editScript();
    // The digest, which editing leaves alone, is what says that it belongs to the script.
    expect(svcgen(['--help']).text).toContain('kube-proxy as a compiler');
  });

  test('is not used for another script', () => {
    svcgen(['--help']);
    editScript();
    const path = join(scripts, 'program.js');
    writeFileSync(path, readFileSync(path, 'latin1').replace(/[0-9a-f]{16}/, '0123456789abcdef'), 'latin1');
    expect(svcgen(['--help']).text).toContain('kube-proxy as a confuser');
  });

  test('is not used when others could have written it, but made again', () => {
    svcgen(['--help']);
    const path = join(scripts, caches()[0] ?? '');
    chmodSync(path, 0o666);
    editScript();
    expect(svcgen(['--help']).text).toContain('kube-proxy as a confuser');
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  test('is made again when V8 rejects it', () => {
    svcgen(['--help']);
    const path = join(scripts, caches()[0] ?? '');
    const bytes = readFileSync(path);
    writeFileSync(path, 'no cache');
    expect(svcgen(['--help']).status).toBe(0);
    expect(readFileSync(path).length).toBeGreaterThan(bytes.length / 2);
  });

  test('is not asked for where it cannot be written', () => {
    const { text } = svcgen(['--version']);
    const cache = caches()[0] ?? '';
    rmSync(join(scripts, cache));
    mkdirSync(join(scripts, cache));
    expect(svcgen(['--version'])).toEqual({ status: 0, text });
    expect(caches()).toEqual([cache]);
  });
});

test.each([[['help', 'validate']], [['validate', '--help']]])('%j is answered by the command', (args) => {
  expect(svcgen(args)).toMatchObject({ status: 0, text: expect.stringContaining('--strict') });
});

test.each([[['program']], [['../cli/validate']], [['rendr']]])('%j is no command', (args) => {
  expect(svcgen(args)).toMatchObject({ status: 2, text: expect.stringContaining('unknown command') });
});
