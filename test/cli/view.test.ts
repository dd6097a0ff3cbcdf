import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-view-'));
afterAll(() => rmSync(dir, { recursive: true }));

const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}\n';

/** Writes a page of some files. */
function view(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(dir, 'files-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const target = join(folder, 'page.html');
  const args = ['bin/svcgen.js', 'view', folder, '-o', target];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, stderr, page: existsSync(target) ? readFileSync(target, 'utf8') : undefined };
}

test('a terminal gets no page, and is told how to make a file of it', async () => {
  const args = ['view', 'fixtures/quickstart/frontend.yaml'];
  const { exitCode, stdout, stderr } = await runProgram(args, '', { stdoutIsTTY: true });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^error: a page is no text for a terminal: write it to a file with -o FILE\n/);
  const piped = await runProgram(args, '', { stdoutIsTTY: false });
  expect(piped.stderr).not.toContain('terminal');
});

describe('a page, which is made to be sent, holds no Secret', () => {
  test.each([
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: HUNTER2}\n',
    `# all of it\n---\n{ "kind" : "Secret", "stringData": { "password": "HUNTER2" } }\n`,
    `kind: List\nitems:\n- stringData: {a: HUNTER2}\n  kind: Secret\n- kind: Service\n`,
    "kind: 'Secret' # HUNTER2\n",
  ])('%j', (text) => {
    const { status, stderr, page } = view({ 'web.yaml': SERVICE, 'secret.yaml': text });
    expect(status).toBe(0);
    expect(stderr).toMatch(/secret\.yaml" is left out of the page: it holds a Secret/);
    expect(page).toContain('10.96.0.10');
    expect(page).not.toContain('HUNTER2');
  });

  test('but what stands beside it in a file, line for line', () => {
    const secret = 'apiVersion: v1\nkind: Secret\nstringData:\n  text: |\n    ---\n    HUNTER2\n';
    for (const lineBreak of ['\n', '\r\n']) {
      const all = [secret, SERVICE.replaceAll('web', 'first'), secret, SERVICE].join('---\n');
      const { status, stderr, page = '' } = view({ 'all.yaml': all.replaceAll('\n', lineBreak) });
      expect(status).toBe(0);
      expect(stderr).toMatch(/a part of ".*all\.yaml" is left out of the page: it holds a Secret/);
      expect(page).not.toContain('HUNTER2');
      const [, state = ''] = /id="state">(.*?)<\/script>/.exec(page) ?? [];
      const { text } = JSON.parse(state).files[0];
      expect(text.split(lineBreak).indexOf('metadata: {name: web}')).toBe(21);
      expect(text.split(lineBreak)).toHaveLength(all.split('\n').length);
    }
  });

  test('and is not made of Secrets alone', () => {
    const { status, stdout, page, stderr } = view({ 'secret.yaml': 'kind: Secret\n' });
    expect({ status, stdout, page }).toEqual({ status: 1, stdout: '', page: undefined });
    expect(stderr).toContain('nothing is left for the page');
  });

  test('what only mentions one is shown', () => {
    const text = `${SERVICE}# a kind of Secret, by secretName\n`;
    expect(view({ 'web.yaml': text })).toMatchObject({
      status: 0,
      stderr: '1 file in the page, which judges what is in there when it is opened\n',
    });
  });
});
