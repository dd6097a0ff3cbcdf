import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runProgram } from '../../support/run-program.ts';

const WEB = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';
const SECRET = 'root:$y$j9T$secret\nkind: Service\napiVersion: v1\n';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'svcgen-links-'));
  write('elsewhere/secret', SECRET);
  write('elsewhere/shared/web.yaml', WEB);
  write('repository/.git/HEAD', '');
  write('repository/shared/web.yaml', WEB);
  mkdirSync(join(root, 'repository/app'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(path: string, target: string): void {
  symlinkSync(target, join(root, path));
}

const validate = (path: string, ...argv: readonly string[]) =>
  runProgram(['validate', ...argv, join(root, path)]);

describe('links in a folder', () => {
  test.each(['app/x.yaml', 'app/kustomization.yaml', 'app/x.traffic.yaml', 'app/chainsaw-test.yaml'])(
    'out of the repository show nothing of what they lead to: %s',
    async (name) => {
      write('repository/app/web.yaml', WEB);
      link(`repository/${name}`, '../../elsewhere/secret');
      const { exitCode, stdout, stderr } = await validate('repository', '-v', '--all');
      expect(stdout + stderr).not.toContain('secret');
      expect(stdout).toContain(`${name}" leads out of the repository`);
      expect(exitCode).toBe(0);
    },
  );

  test('out of the repository are told with --warnings-as-errors, and read when they are named', async () => {
    write('repository/app/web.yaml', WEB);
    link('repository/app/x.yaml', '../../elsewhere/secret');
    expect((await validate('repository', '--warnings-as-errors')).exitCode).toBe(1);
    expect((await validate('repository/app/x.yaml')).stdout).toContain('yaml-syntax');
  });

  test('that lead nowhere are named for what they are', async () => {
    link('repository/app/gone.yaml', 'nowhere.yaml');
    const { exitCode, stdout } = await validate('repository/app/gone.yaml');
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      `gone.yaml" leads nowhere, since there is no "${root}/repository/app/nowhere.yaml"\n  hint: make what it leads to`,
    );
  });

  test('to folders elsewhere are not followed either', async () => {
    write('repository/app/web.yaml', WEB);
    link('repository/app/shared', '../../elsewhere/shared');
    const { exitCode, stdout } = await validate('repository/app');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('warning[link-stays-inside]');
    expect(await validate('repository/app/shared')).toMatchObject({ exitCode: 0 });
  });

  test('to kustomizations elsewhere are told, and not built', async () => {
    write('elsewhere/shared/kustomization.yaml', 'resources: [web.yaml]\n');
    link('repository/app/shared', '../../elsewhere/shared');
    const { stdout } = await validate('repository', '--each-kustomization');
    expect(stdout).toContain('warning[link-stays-inside]');
    expect(stdout).not.toContain('input-built');
  });

  test('within the repository are followed, whatever folder was named', async () => {
    link('repository/app/shared', '../shared');
    link('repository/app/web.yaml', '../shared/web.yaml');
    for (const argv of [[], ['--no-ignore-vcs']]) {
      const { exitCode, stdout } = await validate('repository/app', '--output', 'json', ...argv);
      expect({ exitCode, ...JSON.parse(stdout) }).toMatchObject({
        exitCode: 0,
        diagnostics: [],
        summary: { files: 1 },
      });
    }
  });

  test('stay in the folder that was named where there is no repository', async () => {
    write('plain/..data/web.yaml', WEB);
    link('plain/web.yaml', '..data/web.yaml');
    expect(await validate('plain')).toMatchObject({
      exitCode: 0,
      stdout: expect.not.stringContaining('link-'),
    });
    link('plain/secret.yaml', '../elsewhere/secret');
    expect((await validate('plain')).stdout).toContain('warning[link-stays-inside]');
  });

  test('that .gitignore leaves out are not looked at', async () => {
    write('repository/web.yaml', WEB);
    write('repository/.gitignore', 'result\n');
    link('repository/result', '../elsewhere/shared');
    expect(await validate('repository')).toMatchObject({
      exitCode: 0,
      stdout: expect.not.stringContaining('link-'),
    });
  });
});

describe('a link that leads nowhere says so, and where to, whatever it is given for', () => {
  test.each([
    ['explain', '--rules', '--from', 'outside', '--to', '10.96.0.1:80'],
    ['explain', '--host', '--from', 'outside', '--to', '10.96.0.1:80'],
    ['diff', '--rules'],
    ['render', '--current'],
    ['render', '--config'],
    ['render', '--helm'],
    ['render', '-o'],
    ['render', '--lock'],
    ['test', '--expect'],
  ])('%s %s', async (command, option, ...argv) => {
    write('web.yaml', WEB);
    link('one', 'two');
    link('two', 'nowhere/at/all');
    const { exitCode, stdout, stderr } = await runProgram([
      command,
      join(root, 'web.yaml'),
      option,
      join(root, 'one'),
      ...argv,
    ]);
    expect(stderr).toMatch(
      /\/one"(?:: it is a link that)? leads nowhere, since there is no "[^"]*\/nowhere\/at\/all"/,
    );
    expect({ isRefused: exitCode !== 0, stdout }).toEqual({ isRefused: true, stdout: '' });
  });

  test('in a folder it is called as the folder was', async () => {
    write('repository/app/web.yaml', WEB);
    link('repository/app/gone.yaml', '../nowhere.yaml');
    link('repository/app/round.yaml', 'round.yaml');
    const { exitCode, stdout } = await validate('repository');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `gone.yaml" leads nowhere, since there is no "${root}/repository/nowhere.yaml": it is passed over`,
    );
    expect(stdout).toContain('round.yaml" leads in a circle: it is passed over');
  });
});
