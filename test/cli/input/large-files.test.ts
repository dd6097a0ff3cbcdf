import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { InputUnreadable, openLargeFile } from '../../../src/cli/input/large-files.ts';
import { LARGE_BYTES } from '../../../src/parse/input-file.ts';
import { LARGE_TEXTS, manyObjects } from '../../support/large-text.ts';
import { runProgram } from '../../support/run-program.ts';

const dir = mkdtempSync(join(tmpdir(), 'svcgen-large-'));
afterAll(() => rmSync(dir, { recursive: true }));

function open(text: string) {
  const path = join(dir, 'large.json');
  writeFileSync(path, text);
  const { size, fill } = openLargeFile({ path, location: path }, statSync(path));
  const read = (position: number, length: number) => {
    const buffer = Buffer.alloc(length);
    fill(buffer, position);
    return buffer.toString();
  };
  return { path, size, read };
}

describe('a large file', () => {
  test('is read where it is wanted', () => {
    const { size, read } = open('0123456789');
    expect([size, read(0, 3), read(7, 3)]).toEqual([10, '012', '789']);
  });

  test.each<[string, (path: string) => void]>([
    ['longer', (path) => writeFileSync(path, '01234567890')],
    ['shorter', (path) => writeFileSync(path, '012')],
    ['of another time', (path) => utimesSync(path, 1, 1)],
  ])('that is %s now is not read on', (_, change) => {
    const { path, read } = open('0123456789');
    change(path);
    expect(() => read(0, 3)).toThrow(InputUnreadable);
    expect(() => read(0, 3)).toThrow('it has changed while it was read');
  });

  test('that is gone says so', () => {
    const { path, read } = open('0123456789');
    rmSync(path);
    expect(() => read(0, 3)).toThrow('no such file or directory');
  });
});

describe('a file that is too large to be text', () => {
  test.each([2 ** 29, 5 * 2 ** 30])('of %i bytes is not read at all', async (size) => {
    const path = join(dir, 'huge.json');
    writeFileSync(path, '');
    truncateSync(path, size);
    const { exitCode, stdout, stderr } = await runProgram(['validate', path]);
    rmSync(path);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('cannot read')]);
    expect(`${stdout}${stderr}`).toContain(`it is too large: ${size} bytes, more than 536870888`);
  });
});

describe('a large file that changes under the hands of a command', () => {
  const path = join(dir, 'cluster.json');

  test('ends it with an error, and nothing on stdout', async () => {
    const text = LARGE_TEXTS['JSON of kubectl']?.(manyObjects(30_000)) ?? '';
    expect(text.length).toBeGreaterThan(2 * LARGE_BYTES);
    writeFileSync(path, text);
    let stderr = '';
    // The first thing that is written is how much input there is: found, but not read yet.
    const writeStderr = (piece: string) => {
      utimesSync(path, 1, 1);
      stderr += piece;
    };
    const run = await runProgram(['render', path], '', { stderrIsTTY: true, writeStderr });
    expect([run.exitCode, run.stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `error: cannot read ${JSON.stringify(path)}: it has changed while it was read\n`,
    );
  });

  test('is the same as without one otherwise', async () => {
    const text = LARGE_TEXTS['YAML documents']?.(manyObjects(14_000)) ?? '';
    writeFileSync(path, text);
    const fromFile = await runProgram(['render', path]);
    const fromStdin = await runProgram(['render', '-'], text);
    expect(fromFile).toEqual(fromStdin);
    expect(fromFile.exitCode).toBe(0);
    expect(fromFile.stdout).toContain('10.96.0.3/32');
  });
});
