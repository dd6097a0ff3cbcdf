// Makes dist/: cli/, a script for each command, with a cache of its compiled code; index.js and stages.js, the library,
// with their declarations; page.html, the page of `svcgen view`. And man/svcgen.1, the manual. `npm ci` and `npm pack` run it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildPage } from './build-page.mjs';
import { bundleDeclarations } from './bundle-declarations.mjs';
import { bundledPackages, writeBillOfMaterials, writeLicences } from './bundled-packages.mjs';
import { evaluateLate } from './evaluate-late.mjs';
import { importTypeScript } from './import-typescript.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const cliFolder = join(root, 'dist/cli');

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

/**
 * Commander can start other programs as its subcommands. It never does here, and to load what it needs for that takes long.
 * `process` is at hand everywhere: to load the module of that name takes a third of a millisecond.
 */
const withoutProcesses = {
  name: 'without-processes',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:(?:child_)?process$/ }, ({ path, importer }) =>
      importer.includes('commander')
        ? { path, namespace: path === 'node:process' ? 'global' : 'empty' }
        : { external: true },
    );
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
    onLoad({ filter: /.*/, namespace: 'global' }, () => ({ contents: 'module.exports = process;' }));
  },
};

/** What the script `program` knows of commands: their names, for the help and for messages. */
const PROGRAM = 'program';

/** A run of each command that needs most of what its users need first: what V8 compiles for that is kept. */
const FIRST_RUNS = {
  [PROGRAM]: ['--help'],
  cleanup: [],
  completion: ['bash'],
  config: [],
  diff: ['fixtures/diff/replica/old.yaml', 'fixtures/diff/replica/new.yaml'],
  dns: ['fixtures/quickstart'],
  doctor: [],
  endpoints: ['fixtures/quickstart'],
  env: ['fixtures/quickstart'],
  explain: ['fixtures/quickstart', '--to', 'default/frontend'],
  graph: ['fixtures/quickstart'],
  render: ['fixtures/quickstart'],
  test: ['fixtures/traffic/shop'],
  validate: ['fixtures/quickstart'],
  view: ['fixtures/quickstart'],
};

/** Commands that a script has no use for, as bin/svcgen.js picks the one of the command that is wanted, are empty there. */
function withoutOthers(name) {
  const isForeign = (path) => path.split('/')[2] !== name;
  return {
    name: 'without-others',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/commands\/\w+\/command\.ts$/ }, ({ path }) =>
        isForeign(path) ? { path, namespace: 'empty' } : undefined,
      );
    },
  };
}

/** `completion` tells about all commands: its script holds what there is to tell, instead of them. */
function withSpec(spec) {
  const text = JSON.stringify(JSON.stringify(spec));
  return {
    name: 'with-spec',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/describe-program\.ts$/ }, ({ path }) => ({ path, namespace: 'spec' }));
      onLoad({ filter: /.*/, namespace: 'spec' }, () => ({
        contents: `export const describeLoaded = async () => JSON.parse(${text});`,
      }));
    },
  };
}

/** What reads input, and what tells about the codes of its diagnostics. */
const OF_INPUT = /\/(?:read-project|built-manifests|code-records)\.ts$/;

/**
 * Of a command that reads none it is half of the script or more, and a tenth of the time that it takes to start: `--version` 0.91 x,
 * `completion` 0.90 x, `cleanup` and `doctor` 0.91 and 0.92 x (processor time, minima of 25 runs in turn, Node.js 20).
 */
const withoutInput = {
  name: 'without-input',
  setup({ onResolve }) {
    onResolve({ filter: OF_INPUT }, ({ path }) => ({ path, namespace: 'empty' }));
  },
};

/** Whoever reads input can have it from a project file. */
function readsInput(name, { commands }) {
  const { options = [] } = commands.find((command) => command.name === name) ?? {};
  return options.some(({ flags }) => flags.includes('--no-project'));
}

/** A script, not a module: a function that takes `require` and returns what src/cli/main.ts exports. */
async function buildScript(name, { spec, late }) {
  const { metafile, outputFiles } = await build({
    ...shared,
    entryPoints: ['src/cli/main.ts'],
    outfile: join(cliFolder, `${name}.js`),
    write: false,
    format: 'cjs',
    // A script has no import(): modules of Node.js come by `require` too.
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    minify: true,
    metafile: true,
    banner: { js: '(function (require) { const module = { exports: {} };' },
    footer: { js: 'return module.exports; })' },
    plugins: [
      withoutProcesses,
      withoutOthers(name),
      withSpec(spec),
      ...(readsInput(name, spec) ? [] : [withoutInput]),
      late,
    ],
  });
  const [{ path, text }] = outputFiles;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  writeFileSync(path, `/*${digest}*/${text}`);
  return metafile;
}

/** One after the other: each runs on all cores. */
async function buildCli() {
  const unknown = readdirSync(join(root, 'src/cli/commands')).filter((name) => !(name in FIRST_RUNS));
  if (unknown.length > 0) throw new Error(`scripts/build.mjs knows no first run of: ${unknown.join(', ')}`);
  rmSync(cliFolder, { recursive: true, force: true });
  mkdirSync(cliFolder, { recursive: true });
  const { describeCommands } = await importTypeScript('scripts/print-man-page.ts');
  const spec = await describeCommands();
  const late = evaluateLate();
  const metafiles = [];
  for (const name of Object.keys(FIRST_RUNS)) metafiles.push(await buildScript(name, { spec, late }));
  return metafiles;
}

/** A command that finds no compiled code beside its script keeps what it compiles. */
function writeCodeCaches() {
  for (const [name, args] of Object.entries(FIRST_RUNS)) {
    const words = name === PROGRAM ? args : [name, ...args];
    const { status, stderr } = spawnSync(process.execPath, ['bin/svcgen.js', ...words], {
      cwd: root,
      env: {},
      encoding: 'utf8',
    });
    if (status === null || status > 1) throw new Error(`svcgen ${words.join(' ')}: ${stderr}`);
  }
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

/** Earlier builds may have left files that would be published. */
function removeRemains({ metafile }) {
  const made = Object.keys(metafile.outputs).map((path) => path.replace('dist/', ''));
  for (const name of readdirSync(join(root, 'dist'))) {
    const isStale = name === 'types' || (/^(?:shared-|cli[-.])|\.d-/.test(name) && !made.includes(name));
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
mkdirSync(join(root, 'dist'), { recursive: true });
const page = await buildPage(root);
const [cli, library] = await Promise.all([buildCli(), buildLibrary(), writeManPage()]);
const packages = bundledPackages(root, [...cli, library.metafile, ...page]);
writeLicences(root, packages);
writeBillOfMaterials(root, packages);
writeCodeCaches();
await bundleDeclarations(root, LIBRARY);
removeRemains(library);
