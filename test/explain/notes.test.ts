import { expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

async function notesOn(...argv: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr } = await runQuietly([
    'explain',
    'examples/shop/manifests',
    ...argv,
    '--output',
    'json',
  ]);
  expect(stderr).toBe('');
  return JSON.parse(stdout).notes;
}

test('a Service that sends a connection to an endpoint is not said to have none', async () => {
  const live = ['--rules', 'examples/shop/worker-1.rules', '--to', '203.0.113.80:443'];
  expect((await notesOn(...live)).join('\n')).not.toMatch(/none of its ready endpoints/);
});
