// Writes docs/rules.md from the documentation that the rules carry. A test fails when the file is out of date.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['scripts/print-rule-docs.ts'],
  bundle: true,
  platform: 'node',
  target: 'node20.12',
  format: 'esm',
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('/');" },
  write: false,
});
const [script] = outputFiles;
const { printRuleDocs } = await import(
  `data:text/javascript;base64,${Buffer.from(script.contents).toString('base64')}`
);
writeFileSync(`${root}docs/rules.md`, printRuleDocs());
