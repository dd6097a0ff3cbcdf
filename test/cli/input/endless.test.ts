import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

const INPUT = 'fixtures/valid/quickstart/input';

/** What becomes of the program when something that it reads has no end. */
function run(args: readonly string[]) {
  const command = `exec "$0" "$@" </dev/zero`;
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', command, process.execPath, 'bin/svcgen.js', ...args],
    { encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('what never ends is read no further than to the size of a text', () => {
  test.each([
    ['stdin', ['render', '-']],
    ['a manifest', ['render', '/dev/zero']],
    ['--config', ['render', INPUT, '--config', '/dev/zero']],
    ['--lock', ['render', INPUT, '--lock', '/dev/zero']],
    ['--rules', ['explain', '--rules', '/dev/zero', '--from', '192.0.2.1', '--to', '10.0.0.1:80']],
  ])('%s', (_, args) => {
    const { status, stdout, stderr } = run(args);
    expect(stderr).toMatch(/it is too large: more than 536870888 bytes/);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
