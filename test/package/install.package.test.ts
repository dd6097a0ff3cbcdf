import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { readFences } from '../support/docs/fences.ts';
import { nodeOf } from '../support/package/node-of.ts';
import { pack } from '../support/package/pack.ts';

/** The oldest version that the package says it supports, and the newest of each major version that is maintained. */
const NODE_VERSIONS = ['20.12', '20', '22', '24'];

const dir = mkdtempSync(join(tmpdir(), 'svcgen-install-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** Below the prefix. */
const SCRIPTS = 'lib/node_modules/svcgen/dist/cli';

/** Runs a program to its end. @throws Error with what it printed when it fails */
function run(program: string, args: readonly string[], cwd = dir): string {
  return execFileSync(program, [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function install(tarball: string, name: string, ...options: readonly string[]): string {
  const prefix = join(dir, name);
  run('npm', ['install', '--global', '--offline', '--prefix', prefix, ...options, tarball]);
  return prefix;
}

let tarball = '';
let prefix = '';
beforeAll(() => {
  tarball = pack(join(dir, 'first'));
  prefix = install(tarball, 'prefix');
});

test('npm pack gives the same bytes twice', () => {
  expect(readFileSync(pack(join(dir, 'second'))).equals(readFileSync(tarball))).toBe(true);
});

describe('the package', () => {
  const root = () => join(prefix, 'lib/node_modules/svcgen');

  test('needs no other, and has the licences and a bill of what is bundled', () => {
    expect(readdirSync(join(prefix, 'lib/node_modules'))).toEqual(['svcgen']);
    expect(existsSync(join(root(), 'node_modules'))).toBe(false);
    const licences = readFileSync(join(root(), 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const bill: unknown = JSON.parse(readFileSync(join(root(), 'dist/svcgen.cdx.json'), 'utf8'));
    for (const name of ['yaml', 'commander', 'ipaddr.js', 'chalk']) {
      expect(licences).toContain(`${name} `);
      const component = { name, purl: expect.stringMatching(`^pkg:npm/${name}@`), hashes: expect.anything() };
      expect(bill).toMatchObject({
        components: expect.arrayContaining([expect.objectContaining(component)]),
      });
    }
  });

  test('holds nothing that only this machine can use', () => {
    const caches = run('tar', ['-tzf', tarball]).match(/\S+\.cache/g);
    expect(caches).toBeNull();
  });

  test('brings the manual', () => {
    const page = spawnSync('man', ['-M', join(prefix, 'share/man'), 'svcgen'], { encoding: 'utf8' });
    expect(page.stdout).toContain('kube-proxy as a compiler');
  });

  test('installs kubectl-svcgen', () => {
    const help = run(join(prefix, 'bin/kubectl-svcgen'), ['render', '--help']);
    expect(help).toContain('Usage: kubectl svcgen render');
  });

  test('has both entry points of the library, with types', () => {
    const folder = join(dir, 'program');
    mkdirSync(folder);
    run('npm', ['init', '--yes'], folder);
    run('npm', ['install', '--offline', '--no-audit', tarball], folder);
    const program = `import { compile } from 'svcgen'; import * as stages from 'svcgen/stages';
      console.log(typeof compile, Object.keys(stages).length > 5)`;
    expect(run(process.execPath, ['--input-type=module', '-e', program], folder)).toBe('function true\n');
    for (const types of ['index.d.ts', 'stages.d.ts'])
      expect(existsSync(join(folder, 'node_modules/svcgen/dist', types))).toBe(true);
  });
});

test('a checkout renders the quickstart as README says', () => {
  const [fence] = readFences('README.md').filter(({ text }) => text.includes('fixtures/quickstart'));
  expect(fence?.text).toMatch(/^npm ci && /);
  expect(run('sh', ['-c', fence?.text ?? 'exit 9'], join(dir, 'first'))).toContain('KUBE-SERVICES');
});

test('installs where scripts of packages do not run', () => {
  const other = install(tarball, 'without-scripts', '--ignore-scripts');
  const stdout = run(join(other, 'bin/svcgen'), ['render', 'fixtures/quickstart'], process.cwd());
  expect(stdout).toContain('*nat');
});

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64').each(NODE_VERSIONS)(
  'under Node %s',
  (version) => {
    let bin = '';
    beforeAll(() => {
      bin = nodeOf(version, join(dir, `node-${version}`));
    });

    /** What is kept of a command for this Node. */
    const caches = (command: string) => {
      const ending = `-${run(join(bin, 'node'), ['--version']).trim()}-${process.arch}.cache`;
      return readdirSync(join(prefix, SCRIPTS)).filter(
        (name) => name.startsWith(`${command}-`) && name.endsWith(ending),
      );
    };

    const svcgen = (...args: readonly string[]) => {
      const env = { PATH: `${bin}:/usr/bin:/bin` };
      return spawnSync(join(prefix, 'bin/svcgen'), [...args], { encoding: 'utf8', env });
    };

    test('is that Node', () => {
      expect(run(join(bin, 'node'), ['--version'])).toMatch(new RegExp(`^v${version}\\.`));
    });

    test.each([
      [['--version'], /^\d+\.\d+\.\d+\n$/],
      [['help', 'diff'], /Usage: svcgen diff/],
      [['render', 'fixtures/quickstart'], /KUBE-SERVICES/],
      [['render', 'fixtures/quickstart', '--mode', 'nftables'], /table ip kube-proxy/],
      [['validate', 'fixtures/quickstart'], /valid/],
      [['env', 'fixtures/quickstart'], /_SERVICE_HOST=/],
      [['endpoints', 'fixtures/quickstart'], /EndpointSlice/],
      [['dns', 'fixtures/quickstart'], /cluster\.local/],
      [['explain', 'fixtures/quickstart', '--to', 'default/frontend'], /goes to/],
      [['diff', 'fixtures/quickstart', 'fixtures/quickstart'], /no Service changes/],
      [['test', 'fixtures/traffic/shop'], /pass/],
      [['cleanup'], /^#!\/bin\/sh/],
      [['completion', 'bash'], /complete/],
    ])('svcgen %j', (args, expected) => {
      const { status, stdout, stderr } = svcgen(...args);
      expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(expected);
    });

    test('keeps what this Node compiled, for the next start', () => {
      expect(svcgen('render', 'fixtures/quickstart').status).toBe(0);
      expect(caches('render')).toHaveLength(1);
    });

    describe.skipIf(process.getuid?.() !== 0)('as a user who may write nothing', () => {
      beforeAll(() => chmodSync(dir, 0o755));

      const asNobody = (...args: readonly string[]) => {
        const setpriv = ['--reuid=65534', '--regid=65534', '--clear-groups', join(bin, 'node')];
        const words = [...setpriv, join(prefix, 'bin/svcgen'), ...args];
        const { status, stdout } = spawnSync('setpriv', words, { encoding: 'utf8', env: {} });
        return { status, stdout };
      };

      test('runs without what Node compiled, and leaves nothing', () => {
        for (const name of caches('program')) rmSync(join(prefix, SCRIPTS, name));
        expect(asNobody('--version')).toMatchObject({ status: 0, stdout: `${packageJson.version}\n` });
        expect(caches('program')).toEqual([]);
      });

      test('takes what root has kept', () => {
        svcgen('--help');
        expect(caches('program')).toHaveLength(1);
        const path = join(prefix, SCRIPTS, 'program.js');
        const script = readFileSync(path, 'latin1');
        // Of a script with as many characters V8 runs what was kept of the one before.
        writeFileSync(
          path,
          script.replaceAll('kube-proxy as a compiler', 'kube-proxy as a confuser'),
          'latin1',
        );
        const { stdout } = asNobody('--help');
        writeFileSync(path, script, 'latin1');
        expect(stdout).toContain('kube-proxy as a compiler');
      });
    });

    test('says what is wrong, and prints nothing else', () => {
      const { status, stdout, stderr } = svcgen('render', 'no-such-folder');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('no-such-folder');
    });
  },
);
