import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** What a rule says of an object: where that is, all that reads and judges them is. */
const OF_INPUT = 'Endpoints is deprecated since';

function svcgen(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/svcgen.js', ...words], {
    encoding: 'utf8',
    env: {},
  });
  return { status, stdout, stderr };
}

test('the script of a command that reads input has what judges it', () => {
  expect(readFileSync('dist/cli/validate.js', 'latin1')).toContain(OF_INPUT);
});

describe.each([
  { script: 'program', right: ['--version'], wrong: ['no-such-command'] },
  { script: 'completion', right: ['completion', 'zsh'], wrong: ['completion', 'csh'] },
  { script: 'doctor', right: ['doctor'], wrong: ['doctor', '--disable', 'x'] },
  { script: 'cleanup', right: ['cleanup'], wrong: ['cleanup', '--no-project'] },
])('the script of $script', ({ script, right, wrong }) => {
  test('has nothing of what reads input', () => {
    expect(readFileSync(`dist/cli/${script}.js`, 'latin1')).not.toContain(OF_INPUT);
  });

  test('does not want it', () => {
    expect(svcgen(...right)).toMatchObject({ status: 0, stderr: '' });
    expect(svcgen(...wrong)).toMatchObject({ status: 2, stdout: '' });
  });
});
