import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isDiagnosticCode } from '../../src/cli/describe-code/code-records.ts';
import { noColors, printPretty } from '../../src/diagnostic/print-pretty.ts';
import { checkText } from '../support/check-text.ts';
import { runQuietly } from '../support/run-program.ts';

const folder = fileURLToPath(new URL('../../fixtures/invalid/', import.meta.url));
const isWriting = process.env.GOLDEN === 'write';
const codes = readdirSync(folder).sort();

/** Each code has an example, and may have variants beside it. */
const cases = codes.flatMap((code) =>
  [code, `${code}/variants`].filter((name) => existsSync(`${folder}${name}`)).map((name) => ({ code, name })),
);

/** `input` is YAML, or rules of a node. */
function readCase(name: string, file: 'input' | 'near-miss'): string {
  const yaml = `${folder}${name}/${file}.yaml`;
  return readFileSync(existsSync(yaml) ? yaml : `${folder}${name}/${file}.txt`, 'utf8');
}

/** What is said of a case: by `validate`, unless its first line is a command that reads the others from stdin. */
async function diagnosticsOf(text: string): Promise<string> {
  const [, command] = /^# .*?\bsvcgen (.*)\n/.exec(text) ?? [];
  if (command === undefined) return [...printPretty(checkText(text), { colors: noColors })].join('');
  const { stdout, stderr } = await runQuietly(command.split(' '), text.slice(text.indexOf('\n') + 1));
  return command.startsWith('validate ') ? stdout : stderr;
}

describe.each(cases)('fixtures/invalid/$name', ({ code, name }) => {
  const goldenPath = `${folder}${name}/diagnostics.txt`;

  test('is said as in diagnostics.txt', async () => {
    const text = await diagnosticsOf(readCase(name, 'input'));
    if (isWriting) writeFileSync(goldenPath, text);
    expect(text).toBe(readFileSync(goldenPath, 'utf8'));
    expect(text).toContain(`[${code}]`);
  });

  test('keeps quiet about what is nearly the same, and finds no error in it', async () => {
    const text = await diagnosticsOf(readCase(name, 'near-miss'));
    expect(text).not.toContain(`[${code}]`);
    expect(text).not.toContain('error[');
  });

  test('has files that are known, and says in line one what they show', () => {
    const files = readdirSync(`${folder}${name}`).filter((file) => file !== 'variants');
    expect(files).toHaveLength(3);
    for (const file of ['input', 'near-miss'] as const) expect(readCase(name, file)).toMatch(/^# \S.*\n/);
  });
});

test('every folder is named after a code', () => {
  expect(codes.filter((code) => !isDiagnosticCode(code))).toEqual([]);
});
