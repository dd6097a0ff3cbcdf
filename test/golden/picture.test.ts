import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runQuietly } from '../support/run-program.ts';

test('the picture that README begins with is what svcgen graph draws now', async () => {
  const argv = ['graph', 'docs/gateway.yaml', '--service', 'shop/gateway', '--node', 'worker-1'];
  const { stdout } = await runQuietly(argv);
  if (process.env.GOLDEN === 'write') writeFileSync('docs/gateway.svg', stdout);
  expect(readFileSync('docs/gateway.svg', 'utf8')).toBe(stdout);
});
