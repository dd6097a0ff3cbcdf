import { describe, expect, test } from 'vitest';
import { documentedCodes } from '../../src/cli/describe-code/code-documentation.ts';
import { type ProgramRun, runProgram } from '../support/run-program.ts';

/** Runs what an example's first line says, the example being stdin; a pipe into svcgen is that example itself. */
function runExample(example: string): Promise<ProgramRun> {
  const [, command = ''] = /^# .*?\bsvcgen (.*)/.exec(example) ?? [];
  const input = example.slice(example.indexOf('\n') + 1);
  return runProgram(command.split(' '), example.includes('\n') ? input : '');
}

const explained = documentedCodes().flatMap(({ code, examples, isRule }) =>
  isRule || examples === undefined ? [] : [{ code, ...examples }],
);

describe.each(explained)('$code', ({ code, failing, passing }) => {
  test('the example that fails has it', async () => {
    const { stdout, stderr } = await runExample(failing);
    expect(`${stdout}${stderr}`).toContain(`[${code}]`);
  });

  test('the example that passes has neither it nor an error', async () => {
    const { stdout, stderr, exitCode } = await runExample(passing);
    expect(`${stdout}${stderr}`).not.toContain(`[${code}]`);
    expect(exitCode).toBe(0);
  });
});
