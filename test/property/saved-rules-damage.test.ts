import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';

const SAVED = readFileSync('fixtures/explain/node-rules/node.rules', 'utf8');
const LINES = SAVED.split('\n');

/** What is left of a dump when somebody has edited it, or a pipe has broken. */
const damaged = fc.oneof(
  fc
    .record({
      at: fc.nat(SAVED.length),
      removed: fc.nat(40),
      inserted: fc.string({ maxLength: 12, unit: 'binary' }),
    })
    .map(({ at, removed, inserted }) => SAVED.slice(0, at) + inserted + SAVED.slice(at + removed)),
  fc.nat(SAVED.length).map((end) => SAVED.slice(0, end)),
  fc
    .record({ from: fc.nat(LINES.length - 1), to: fc.nat(LINES.length - 1) })
    .map(({ from, to }) => LINES.with(to, LINES[from] ?? '').join('\n')),
  fc
    .record({
      line: fc.nat(LINES.length - 1),
      words: fc.array(
        fc.constantFrom(
          '!',
          '-j',
          '-m',
          '--dport',
          '80',
          '"',
          '-s',
          '-g',
          'FORWARD',
          'KUBE-SERVICES',
          '--comment',
          '\\',
        ),
        { maxLength: 6 },
      ),
    })
    .map(({ line, words }) => LINES.with(line, `${LINES[line]} ${words.join(' ')}`).join('\n')),
);

test('a damaged dump is explained, or refused with the line', async () => {
  let explained = 0;
  await fc.assert(
    fc.asyncProperty(damaged, async (text) => {
      const args = [
        'explain',
        '--rules',
        '-',
        '--node-ip',
        '192.168.7.11',
        '--from',
        '10.244.1.9',
        '--to',
        '10.96.0.80:80',
      ];
      const { exitCode, stdout, stderr } = await runProgram(args, text);
      if (exitCode === 0) {
        explained += 1;
        expect(stderr).toBe('');
        expect(stdout).toContain('TCP from 10.244.1.9');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: whatever was in the input, a terminal gets none of it
        expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      } else {
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
        expect(stderr).toMatch(/<stdin>:\d+:\d+: error\[saved-rules-[a-z]+\]/);
      }
    }),
    { numRuns: 300 },
  );
  expect(explained).toBeGreaterThan(30);
});
