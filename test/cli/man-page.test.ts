import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { printManPage } from '../../scripts/print-man-page.ts';
import { runProgram } from '../support/run-program.ts';

const page = await printManPage();

/** The page as plain text, and what the formatter has to say about it. */
function format(program: string, args: readonly string[]) {
  const env = { PATH: process.env.PATH ?? '', MANWIDTH: '200', LC_ALL: 'C.UTF-8' };
  const { stdout, stderr, error } = spawnSync(program, args, { input: page, encoding: 'utf8', env });
  if (error !== undefined && process.env.SVCGEN_KERNEL === 'required') throw error;
  return error === undefined ? { text: stdout, stderr } : undefined;
}

test('groff has nothing to object to', (context) => {
  const formatted = format('groff', ['-man', '-Tutf8', '-ww', '-z']);
  if (formatted === undefined) return context.skip();
  expect(formatted.stderr).toBe('');
});

test('man shows what the help says', async (context) => {
  const formatted = format('man', ['--warnings=w', '-l', '-']);
  if (formatted === undefined) return context.skip();
  expect(formatted.stderr).toBe('');
  const shown = formatted.text.replace(/\u2010\s+/g, '').replace(/\s+/g, ' ');
  const { stdout: summary } = await runProgram(['--help']);
  const commands = [...summary.matchAll(/^ {2}([a-z]+) .* {2}(\S.*)$/gm)];
  expect(commands.length).toBeGreaterThan(6);
  for (const [, name = '', text = ''] of commands) {
    expect(shown).toContain(text);
    if (name === 'help') continue;
    const { stdout: help } = await runProgram(['help', name]);
    expect(shown).toContain(`SVCGEN ${name.toUpperCase()} svcgen ${name} `);
    for (const [, term = ''] of help.matchAll(/^ {2}(-\S+(?: \S+)*)(?: {2}|$)/gm))
      expect(shown).toContain(term);
    const examples = help.split('\n\nExamples:\n')[1]?.split('\n') ?? [];
    for (const line of examples) expect(shown).toContain(line.trim().replace(/\s+/g, ' '));
  }
});

test('no line is taken for a request that is none', () => {
  const requests = page.split('\n').filter((line) => line.startsWith('.') || line.startsWith("'"));
  expect([...new Set(requests.map((line) => line.split(' ')[0]))].sort()).toEqual(
    ['.\\"', '.PP', '.SH', '.SS', '.TH', '.TP', '.fi', '.nf'].sort(),
  );
  expect(page).toMatch(/^[\n -~]*$/);
});

test('the package brings it along', () => {
  expect(packageJson.files).toContain('man');
  expect(packageJson.man.filter((path) => !existsSync(path))).toEqual([]);
  // As a list: npm links no other.
  expect(packageJson.man).toHaveLength(1);
});
