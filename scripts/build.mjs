// Makes dist/: cli.js, the command line in one script, with a cache of its compiled code; index.js, the library;
// types/, its declarations. `npm ci` and `npm pack` run it.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const cliPath = join(root, 'dist/cli.js');

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.12',
  legalComments: 'none',
  logLevel: 'warning',
};

/** Commander can start other programs as its subcommands. It never does here, and to load what it needs takes long. */
const withoutChildProcess = {
  name: 'without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, () => ({ path: 'child_process', namespace: 'empty' }));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** A script, not a module: a function that takes `require` and returns what src/cli/main.ts exports. */
function buildCli() {
  return build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    outfile: cliPath,
    format: 'cjs',
    charset: 'ascii',
    minify: true,
    banner: { js: '(function (require) { const module = { exports: {} };' },
    footer: { js: 'return module.exports; })' },
    plugins: [withoutChildProcess],
  });
}

function buildLibrary() {
  const entryPoints = ['src/index.ts'];
  return build({ ...shared, entryPoints, format: 'esm', packages: 'external', outfile: 'dist/index.js' });
}

/** Runs the command line on the quickstart, so that all functions needed for that are compiled, and keeps them. */
async function writeCodeCache() {
  const script = new Script(readFileSync(cliPath, 'latin1'), { filename: cliPath });
  const cli = script.runInThisContext()(createRequire(cliPath));
  const terminal = { env: {}, stdinIsTTY: false, stderrIsTTY: false, writeStdout() {}, writeStderr() {} };
  await cli.run(['render', join(root, 'fixtures/quickstart')], terminal);
  const path = cliPath.replace('.js', `-${process.version}-${process.arch}.cache`);
  writeFileSync(path, script.createCachedData());
}

/**
 * Lets `npx svcgen` find the program in its own repository at once. npm links what packages depend on, never a package
 * itself; npx would put it into its cache, with all dependencies, and npm 11 fails at that.
 */
function linkForNpx() {
  const link = join(root, 'node_modules/.bin/svcgen');
  rmSync(link, { force: true });
  if (process.platform !== 'win32') symlinkSync('../../bin/svcgen.js', link);
}

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run('scripts/compile-schemas.mjs');
await Promise.all([buildCli(), buildLibrary()]);
await writeCodeCache();
linkForNpx();
rmSync(join(root, 'dist/types'), { recursive: true, force: true });
run('node_modules/typescript/bin/tsc', '--project', 'tsconfig.types.json');
