import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { compile } from '../../src/index.ts';

test('the library runs where there is no Node.js', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'svcgen',
    write: false,
  });
  const path = 'fixtures/quickstart/frontend.yaml';
  const files = [{ path, text: readFileSync(path, 'utf8') }];
  // What browsers have, and JavaScript itself does not.
  const context = createContext({ TextEncoder, TextDecoder, files });
  runInContext(outputFiles[0]?.text ?? '', context);
  const program = "svcgen.compile(files, { nodeName: 'node-a' }).artifacts.get('script').text()";
  const text: unknown = runInContext(program, context);
  expect(text).toBe(compile(files, { nodeName: 'node-a' }).artifacts?.get('script')?.text());
});
