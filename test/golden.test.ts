import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runQuietly } from './support/run-program.ts';

/**
 * Each case is a folder with `case.json`: for each file in its `expected/`, the command line that makes it.
 * `{dir}` in an argument is the folder. `npm run golden` writes the expectations anew. Comparisons (fixtures/diff) and tests
 * of traffic end with 0 or 1, all else with 0.
 */
interface GoldenCase {
  readonly dir: string;
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

const isWriting = process.env.GOLDEN === 'write';

function readCase(dir: string): GoldenCase {
  return { dir, commands: JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8')) };
}

const cases = ['fixtures/valid', 'fixtures/diff', 'fixtures/explain', 'fixtures/traffic'].flatMap((folder) =>
  readdirSync(folder)
    .sort()
    .map((name) => readCase(join(folder, name))),
);

/** What a command prints; what it says on stderr, and that it found differences, comes first, as comments. */
async function output(dir: string, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runQuietly(
    argv.map((argument) => argument.replace('{dir}', dir)),
  );
  expect(argv[0] === 'diff' || argv[0] === 'test' ? [0, 1] : [0], stderr).toContain(exitCode);
  const comments = `${stderr}${exitCode === 1 ? 'exit status 1\n' : ''}`;
  return comments === '' ? stdout : `${comments.replace(/^/gm, '# ').replace(/# $/, '')}${stdout}`;
}

describe.each(cases)('$dir', ({ dir, commands }) => {
  const expected = join(dir, 'expected');

  test.each(Object.entries(commands))('%s', async (name, argv) => {
    const path = join(expected, `${name}.txt`);
    const text = await output(dir, argv);
    if (isWriting) {
      mkdirSync(expected, { recursive: true });
      writeFileSync(path, text);
    }
    expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : '(no such file)');
  });

  test('has no other expectations', () => {
    const wanted = Object.keys(commands).map((name) => `${name}.txt`);
    const stale = readdirSync(expected).filter((name) => !wanted.includes(name));
    if (isWriting) for (const name of stale) rmSync(join(expected, name));
    expect(readdirSync(expected).sort()).toEqual(wanted.sort());
  });
});
