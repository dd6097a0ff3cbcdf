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

const LONGEST_TEXT = 536_870_888;
const LONGEST_DUMP = 100_663_296;

describe('what never ends is read no further than to its bound', () => {
  test.each([
    ['stdin', ['render', '-'], LONGEST_TEXT],
    ['a manifest', ['render', '/dev/zero'], LONGEST_TEXT],
    ['--config', ['render', INPUT, '--config', '/dev/zero'], LONGEST_TEXT],
    ['--lock', ['render', INPUT, '--lock', '/dev/zero'], LONGEST_TEXT],
    [
      '--rules',
      ['explain', '--rules', '/dev/zero', '--from', '192.0.2.1', '--to', '10.0.0.1:80'],
      LONGEST_DUMP,
    ],
  ])('%s', (_, args, bound) => {
    const { status, stdout, stderr } = run(args);
    expect(stderr).toContain(`it is too large: more than ${bound} bytes`);
    expect(stdout).toBe('');
    expect(status).toBe(1);
  });
});
