import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { compile } from '../../src/index.ts';
import { parse } from '../../src/stages.ts';

/** A library without Node.js: what `program` gives when it finds the exports of `entry` as `svcgen`, and `files`. */
async function runInBrowser(entry: string, { files, program }: Program): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'svcgen',
    write: false,
  });
  // What browsers have, and JavaScript itself does not.
  const context = createContext({ TextEncoder, TextDecoder, files });
  runInContext(outputFiles[0]?.text ?? '', context);
  return runInContext(program, context);
}

interface Program {
  readonly files: readonly object[];
  readonly program: string;
}

test('the library runs where there is no Node.js', async () => {
  const path = 'fixtures/quickstart/frontend.yaml';
  const files = [{ path, text: readFileSync(path, 'utf8') }];
  const program = "svcgen.compile(files, { nodeName: 'node-a' }).artifacts.get('script').text()";
  const text = await runInBrowser('src/index.ts', { files, program });
  expect(text).toBe(compile(files, { nodeName: 'node-a' }).artifacts?.get('script')?.text());
});

/** Longer than what is read as a whole. */
const LARGE = 5 * 1024 * 1024;

test.each([
  ['yaml', (items: readonly string[]) => items.join('\n---\n')],
  ['json', (items: readonly string[]) => `{"kind":"List","apiVersion":"v1","items":[${items.join(',')}]}`],
])('and reads large files in pieces there: %s', async (format, join) => {
  const padding = 'x'.repeat(4000);
  const items = Array.from({ length: LARGE / padding.length }, (_, index) =>
    JSON.stringify({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name: `p${index}`, annotations: { padding } },
    }),
  );
  const files = [{ path: `large.${format}`, bytes: new TextEncoder().encode(join(items)) }];
  const program = 'svcgen.parse(files).manifests.map(({ value }) => value.metadata.name).join()';
  const names = parse(files).manifests.map(({ name }) => name);
  expect(names.length).toBe(items.length);
  expect(await runInBrowser('src/stages.ts', { files, program })).toBe(names.join());
});
