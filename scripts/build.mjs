// Makes dist/: cli.js, the command line in one script, with a cache of its compiled code; index.js and stages.js, the
// library, with their declarations. And man/svcgen.1, the manual. `npm ci` and `npm pack` run it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { bundleDeclarations } from './bundle-declarations.mjs';
import { importTypeScript } from './import-typescript.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const cliPath = join(root, 'dist/cli.js');

/** The entry points of the library. */
const LIBRARY = ['index', 'stages'];

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.12',
  // As ES modules, which can be bundled in part; the package gives those to browsers only.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  legalComments: 'none',
  logLevel: 'warning',
};

/** Commander can start other programs as its subcommands. It never does here, and to load what it needs for that takes long. */
const withoutChildProcess = {
  name: 'without-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? { path: 'child_process', namespace: 'empty' } : { external: true },
    );
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
    // A script has no import(): modules of Node.js come by `require` too.
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    minify: true,
    metafile: true,
    banner: { js: '(function (require) { const module = { exports: {} };' },
    footer: { js: 'return module.exports; })' },
    plugins: [withoutChildProcess],
  });
}

/** What both entry points need is in files of its own. */
function buildLibrary() {
  return build({
    ...shared,
    entryPoints: LIBRARY.map((name) => `src/${name}.ts`),
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    outdir: 'dist',
    metafile: true,
  });
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

/** The licences of what is bundled ask to go with it. */
function writeLicences({ metafile }) {
  const folders = Object.keys(metafile.inputs).flatMap(
    (path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [],
  );
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** Earlier builds may have left files that would be published. */
function removeRemains({ metafile }) {
  const made = Object.keys(metafile.outputs).map((path) => path.replace('dist/', ''));
  for (const name of readdirSync(join(root, 'dist'))) {
    const isStale = name === 'types' || (/^shared-|\.d-/.test(name) && !made.includes(name));
    if (isStale) rmSync(join(root, 'dist', name), { recursive: true });
  }
}

async function writeManPage() {
  const { printManPage } = await importTypeScript('scripts/print-man-page.ts');
  mkdirSync(join(root, 'man'), { recursive: true });
  writeFileSync(join(root, 'man/svcgen.1'), await printManPage());
}

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

run('scripts/compile-schemas.mjs');
run('scripts/compile-examples.mjs');
const [cli, library] = await Promise.all([buildCli(), buildLibrary(), writeManPage()]);
writeLicences(cli);
await writeCodeCache();
await bundleDeclarations(root, LIBRARY);
removeRemains(library);
