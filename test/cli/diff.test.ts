import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-diff-'));
afterAll(() => rmSync(dir, { recursive: true }));

const QUICKSTART = 'fixtures/quickstart';
const OLD = 'fixtures/diff/replica/old.yaml';
const NEW = 'fixtures/diff/replica/new.yaml';

const WEB = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
`;

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

describe('exit codes', () => {
  test('0: the same, with one line that says so', async () => {
    const { exitCode, stdout } = await runProgram(['diff', QUICKSTART, QUICKSTART]);
    expect({ exitCode, line: stdout.split('\n')[0] }).toEqual({
      exitCode: 0,
      line: 'no Service changes (8 unchanged)',
    });
  });

  test('1: it differs', async () => {
    expect(await runProgram(['diff', OLD, NEW])).toMatchObject({ exitCode: 1, stderr: '' });
  });

  test.each([
    ['a file that is not there', ['nowhere', NEW], 'input-exists'],
    ['errors in the old side', [write('old.yaml', WEB.replace('80', '80000')), NEW], 'service-port-in-range'],
    ['errors in the new side', [OLD, write('new.yaml', ']')], 'new.yaml:1:1'],
    ['one side', [OLD], 'it takes two sides'],
    ['three sides', [OLD, NEW, NEW], 'it takes two sides'],
    ['stdin on both sides', ['-', '-'], 'only one side'],
    ['a layout that the mode has not', [OLD, NEW, '--mode', 'ipvs', '--layout', 'compact'], 'layout'],
    ['a wrong flag', [OLD, NEW, '--output', 'xml'], 'pretty, json, markdown'],
  ])('2: %s', async (_, argv, said) => {
    const { exitCode, stdout, stderr } = await runProgram(['diff', ...argv]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  test('2: stdout takes no text, which must not look like a difference', async () => {
    const full = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28 });
    };
    const run = await runProgram(['diff', OLD, NEW], '', { writeStdout: full });
    expect(run.exitCode).toBe(2);
  });

  test('a reader that has seen enough does not hide a difference', async () => {
    const gone = () => {
      throw Object.assign(new Error('gone'), { code: 'EPIPE', errno: -32 });
    };
    const run = await runProgram(['diff', OLD, NEW], '', { writeStdout: gone });
    expect(run.exitCode).toBe(1);
  });
});

describe('sides', () => {
  test('one of them may be stdin', async () => {
    expect((await runProgram(['diff', '-', write('web.yaml', WEB)], WEB)).exitCode).toBe(0);
    const other = WEB.replace('port: 80', 'port: 81');
    expect((await runProgram(['diff', join(dir, 'web.yaml'), '-'], other)).exitCode).toBe(1);
  });

  test('warnings are those of the new one', async () => {
    const unknown = write('unknown.yaml', WEB.replace('spec:', 'spec:\n  unknown: 1'));
    expect((await runProgram(['diff', unknown, join(dir, 'web.yaml')])).stderr).not.toContain('unknown');
    expect((await runProgram(['diff', join(dir, 'web.yaml'), unknown])).stderr).toContain('unknown');
  });

  test('a lock file holds for both, and is never written', async () => {
    const lock = write(
      'svcgen.lock',
      '{"version":1,"services":{"default/web":{"clusterIPs":["10.96.7.7"]}}}',
    );
    const more = write('more.yaml', `${WEB}---\n${WEB.replace('name: web', 'name: api')}`);
    const { stdout } = await runProgram([
      'diff',
      join(dir, 'web.yaml'),
      more,
      '--lock',
      lock,
      '--output',
      'json',
    ]);
    expect(JSON.parse(stdout).summary.services).toMatchObject({ added: 1, changed: 0 });
    expect((await runProgram(['render', more, '--lock', lock, '--no-allocate'])).exitCode).toBe(1);
  });
});
