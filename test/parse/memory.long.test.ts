import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MILLION = 1_000_000;

/** With so small a heap that a place for each of them, or a warning, ends the process. */
function validateInLittleMemory(text: string): { readonly status: number | null; readonly stdout: string } {
  const args = ['--max-old-space-size=280', 'bin/svcgen.js', 'validate', '--output', 'json', '-'];
  return spawnSync(process.execPath, args, { input: text, encoding: 'utf8', maxBuffer: 2 ** 28 });
}

test.each([
  ['broken ports', `spec:\n  ports:\n${'  - port: 99999\n'.repeat(MILLION)}`],
  ['repeated keys', 'x: y\n'.repeat(MILLION)],
])('a million %s fit into 280 MB', (_, text) => {
  const { status, stdout } = validateInLittleMemory(
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n${text}`,
  );
  expect(stdout).toContain('"Service default/web"');
  expect(status).toBe(1);
});
