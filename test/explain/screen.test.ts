import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wrapLine } from '../../src/diagnostic/wrap-line.ts';
import { SCREEN } from '../../src/explain/print/print.ts';
import { runQuietly } from '../support/run-program.ts';

/** Answers that people see: neither with -v nor for programs. */
function goldenAnswers(): readonly string[] {
  return ['fixtures/valid', 'fixtures/explain'].flatMap((folder) =>
    readdirSync(folder).flatMap((name) => {
      const dir = join(folder, name);
      const commands: Record<string, string[]> = JSON.parse(readFileSync(join(dir, 'case.json'), 'utf8'));
      return Object.entries(commands)
        .filter(([, [command, ...rest]]) => command === 'explain' && !rest.includes('json'))
        .filter(([, argv]) => !argv.includes('-v') && !argv.includes('--verbose'))
        .map(([output]) => join(dir, 'expected', `${output}.txt`));
    }),
  );
}

/** Without what was said on stderr, which golden files have as comments. */
function linesOf(path: string): readonly string[] {
  return readFileSync(path, 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'));
}

const answers = goldenAnswers();

test('there are enough of them', () => {
  expect(answers.length).toBeGreaterThan(75);
});

test.each(answers)('%s fits a screen', (path) => {
  const lines = linesOf(path);
  expect(lines.filter(({ length }) => length > SCREEN.columns)).toEqual([]);
  expect(lines.length).toBeLessThanOrEqual(SCREEN.lines);
});

describe('what a terminal has to do with it', () => {
  const dir = 'fixtures/explain/live-nodes';
  const argv = ['explain', '--rules', `${dir}/docker-8-bridges.save`, '--from', '10.42.1.77'];
  const answer = async (columns: number | undefined) => {
    const terminal = { stdoutColumns: () => columns };
    return (await runQuietly([...argv, '--to', 'default/web'], '', terminal)).stdout;
  };
  const longest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

  test('a narrow one has shorter lines, and the same words', async () => {
    const narrow = await answer(70);
    expect(longest(narrow)).toBeLessThanOrEqual(70);
    const [wide] = await Promise.all([answer(undefined)]);
    const verdict = (text: string) => text.split('\n\n')[1]?.split(/\s+/);
    expect(verdict(narrow)).toEqual(verdict(wide));
  });

  test('a wide one, and none at all, have the same', async () => {
    expect(await answer(240)).toBe(await answer(undefined));
  });

  test('with -v, rules are as they are, however long', async () => {
    const { stdout } = await runQuietly([...argv, '--to', 'default/web', '-v', '--in-interface', 'cni0']);
    const saved = readFileSync(`${dir}/docker-8-bridges.save`, 'utf8').split('\n');
    const quoted = [...stdout.matchAll(/^ {6}line (\d+): (.*)$/gm)];
    expect(quoted.length).toBeGreaterThan(5);
    for (const [, line, rule] of quoted) expect(rule).toBe(saved[Number(line) - 1]);
  });
});

test('lines are broken between words, and colours take no room', () => {
  const esc = String.fromCharCode(27);
  const red = (text: string) => `${esc}[31m${text}${esc}[39m`;
  expect(wrapLine('  one two three', 12)).toEqual(['  one two', '      three']);
  expect(wrapLine(`  ${red('one')} two three`, 12)).toEqual([`  ${red('one')} two`, '      three']);
  expect(wrapLine('a-name-that-is-long b', 8, 0)).toEqual(['a-name-that-is-long', 'b']);
  expect(wrapLine('run ip\u00a0route now', 10, 0)).toEqual(['run', 'ip route', 'now']);
  expect(wrapLine('short', 10)).toEqual(['short']);
});
