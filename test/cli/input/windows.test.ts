import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix, win32 } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { withSlashes } from '../../../src/cli/input/with-slashes.ts';
import { runProgram } from '../../support/run-program.ts';

describe('paths are named with slashes', () => {
  test.each([
    ['C:\\repo\\prod', 'web.yaml', 'C:/repo/prod/web.yaml'],
    ['C:\\', 'web.yaml', 'C:/web.yaml'],
    ['.\\prod', 'web.yaml', 'prod/web.yaml'],
    ['prod/base', 'web.yaml', 'prod/base/web.yaml'],
    ['\\\\server\\share', 'web.yaml', '//server/share/web.yaml'],
  ])('%s', (folder, name, expected) => {
    const named = withSlashes(win32.join(folder, name), win32.sep);
    expect(named).toBe(expected);
    expect(win32.normalize(named)).toBe(win32.join(folder, name));
  });

  test('what is ignored is looked for below its folder', () => {
    const inside = win32.relative('C:\\repo', 'C:\\repo\\rendered\\all.yaml');
    expect(withSlashes(inside, win32.sep)).toBe('rendered/all.yaml');
  });

  test('a backslash is a character elsewhere', () => {
    expect(withSlashes('a\\b.yaml', posix.sep)).toBe('a\\b.yaml');
  });
});

describe('lines of Windows', () => {
  const dir = mkdtempSync(join(tmpdir(), 'svcgen-windows-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const write = (root: string, name: string, text: string) => {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  const both = (files: Readonly<Record<string, string>>) =>
    ['\n', '\r\n'].map((end) => {
      const root = mkdtempSync(join(dir, 'tree-'));
      for (const [name, text] of Object.entries(files)) write(root, name, text.replaceAll('\n', end));
      return root;
    });
  const input = readFileSync('fixtures/traffic/shop/input.yaml', 'utf8');
  const files = {
    'input.yaml': input,
    'shop.traffic.yaml': readFileSync('fixtures/traffic/shop/shop.traffic.yaml', 'utf8'),
    'rendered/all.yaml': 'kind: [',
    '.svcgenignore': 'rendered\n',
    'config.json': `${JSON.stringify({
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      mode: 'ipvs',
      clusterCIDR: '10.244.0.0/16',
    })}\n`,
  };

  test.each([
    ['render', '--node', 'worker-1'],
    ['render', '--node', 'worker-1', '--config', 'config.json'],
    ['validate', '--output', 'sarif'],
    ['dns'],
    ['env', '-n', 'shop'],
    ['endpoints'],
    ['test', '--cluster-cidr', '10.244.0.0/16'],
    ['test', '--record'],
  ])('mean what others mean: %s %s %s %s %s', async (...argv) => {
    const [unix, windows] = await Promise.all(
      both(files).map((root) => {
        const named = argv.map((each) => (each === 'config.json' ? join(root, each) : each));
        return runProgram([...named, root]).then(({ exitCode, stdout, stderr }) => ({
          exitCode,
          stdout: stdout.replaceAll(root, 'ROOT'),
          stderr: stderr.replaceAll(root, 'ROOT'),
        }));
      }),
    );
    expect(windows).toEqual(unix);
    expect(unix?.exitCode).toBe(0);
  });

  test('in rules of a node, and in locks', async () => {
    const rules = readFileSync('fixtures/explain/node-rules/node.rules', 'utf8');
    const explained = await Promise.all(
      both({ 'node.rules': rules }).map(async (root) => {
        const argv = ['explain', '--rules', join(root, 'node.rules'), '--to', 'web:http'];
        return (await runProgram(argv)).stdout;
      }),
    );
    expect(explained[1]).toBe(explained[0]);
    expect(explained[0]).toContain('goes to');
    const root = mkdtempSync(join(dir, 'lock-'));
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n';
    const argv = ['render', write(root, 'a.yaml', service), '--lock', join(root, 'svcgen.lock')];
    const first = await runProgram(argv);
    const lock = readFileSync(join(root, 'svcgen.lock'), 'utf8');
    write(root, 'svcgen.lock', lock.replaceAll('\n', '\r\n'));
    expect((await runProgram(argv)).stdout).toBe(first.stdout);
  });
});
