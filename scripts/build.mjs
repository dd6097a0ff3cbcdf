// Makes dist/: cli.cjs, the command line in one file; index.js, the library; types/, its declarations.
// `npm ci` and `npm pack` run it.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.12',
  legalComments: 'none',
  logLevel: 'warning',
};

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(`${root}dist`, { recursive: true, force: true });
run('scripts/compile-schemas.mjs');
await Promise.all([
  build({ ...shared, entryPoints: ['src/cli/main.ts'], format: 'cjs', minify: true, outfile: 'dist/cli.cjs' }),
  build({ ...shared, entryPoints: ['src/index.ts'], format: 'esm', packages: 'external', outfile: 'dist/index.js' }),
]);
run('node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json');
