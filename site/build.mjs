// `npm run docs [FOLDER]`: the site, made of README.md, docs/, the help of the program and the declarations of the library,
// with the page of `svcgen view` as a playground. It is static, links relatively, and asks no other host for anything, so it works from any
// folder of any web server. TypeDoc makes it; README.md here says why. Fails on a link or an anchor that leads nowhere.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPage } from '../scripts/build-page.mjs';
import { importTypeScript } from '../scripts/import-typescript.mjs';
import { deadLinksOf } from './check-site.mjs';
import { PAGES } from './pages.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const source = join(root, 'dist/site-source');
const repository = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).homepage.replace(/#.*/, '');

/** Where the menu leads, from every page: the build makes it relative. */
const PLAYGROUND = 'playground.html';

function installTypeDoc() {
  const lock = readFileSync(join(root, 'site/package-lock.json'));
  const copy = join(root, 'site/node_modules/.lock');
  if (existsSync(copy) && readFileSync(copy).equals(lock)) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: join(root, 'site'),
    stdio: 'inherit',
  });
  writeFileSync(copy, lock);
}

function writeSource(path, text) {
  mkdirSync(dirname(join(source, path)), { recursive: true });
  writeFileSync(join(source, path), text);
}

/** Links to what is no page of the site lead to the repository. */
function linkToRepository(path, markdown) {
  const isPage = (target) => target === 'README.md' || PAGES.some(([, page]) => page === target);
  return markdown.replaceAll(
    /(?<!!)(\[[^\]]*\])\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)/g,
    (whole, label, target, anchor = '') => {
      const file = normalize(join(dirname(path), target)).replace(/\/$/, '');
      if (isPage(file)) return whole;
      const kind = statSync(join(root, file)).isDirectory() ? 'tree' : 'blob';
      return `${label}(${repository}/${kind}/main/${file}${anchor})`;
    },
  );
}

/** Copies documents, each with what TypeDoc wants to know of it, and writes those that are generated. */
async function writeDocuments() {
  const { printCommandDocs } = await importTypeScript('scripts/print-command-docs.ts');
  const generated = { 'docs/commands.md': await printCommandDocs() };
  const forgotten = readdirSync(join(root, 'docs'), { recursive: true }).filter(
    (name) => name.endsWith('.md') && !PAGES.some(([, page]) => page === join('docs', name)),
  );
  if (forgotten.length > 0) throw new Error(`site/pages.mjs does not name: ${forgotten.join(', ')}`);
  for (const [group, path, title] of PAGES) {
    const markdown = generated[path] ?? readFileSync(join(root, path), 'utf8');
    const matter = `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n\n`;
    writeSource(path, `${matter}${linkToRepository(path, markdown)}`);
  }
  // TypeDoc has the name of the project as the title of the first page.
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  writeSource('README.md', linkToRepository('README.md', readme.replace(/^# .*\n/, '')));
  for (const name of readdirSync(join(root, 'docs')).filter((each) => each.endsWith('.svg')))
    copyFileSync(join(root, 'docs', name), join(source, 'docs', name));
}

/** The declarations that users of the library get, each under the name that they import. */
function writeDeclarations() {
  const modules = { index: 'svcgen', stages: 'svcgen/stages' };
  for (const [name, module] of Object.entries(modules))
    writeSource(`${module}.d.ts`, readFileSync(join(root, `dist/${name}.d.ts`), 'utf8'));
  writeSource(
    'tsconfig.json',
    JSON.stringify({ compilerOptions: { module: 'nodenext', types: [] }, include: ['**/*.d.ts'] }),
  );
  return Object.values(modules).map((module) => join(source, `${module}.d.ts`));
}

/** The languages of the blocks in all documents. */
function languagesOf(folder) {
  const documents = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.md'));
  const texts = documents.map((name) => readFileSync(join(folder, name), 'utf8'));
  const languages = texts.flatMap((text) =>
    [...text.matchAll(/^ *```(\w+)/gm)].map(([, language]) => language),
  );
  return [...new Set(languages)].sort();
}

function runTypeDoc(folder, entryPoints) {
  const options = {
    name: 'svcgen',
    entryPoints,
    tsconfig: join(source, 'tsconfig.json'),
    skipErrorChecking: true,
    readme: join(source, 'README.md'),
    projectDocuments: PAGES.map(([, path]) => join(source, path)),
    out: folder,
    customCss: join(root, 'site/style.css'),
    customJs: join(root, 'site/menu.js'),
    // Without one browsers ask the root of the server, which is nobody's here.
    favicon: join(root, 'site/favicon.svg'),
    basePath: source,
    disableSources: true,
    disableGit: true,
    githubPages: true,
    hideGenerator: true,
    includeHierarchySummary: false,
    searchInDocuments: true,
    visibilityFilters: {},
    groupOrder: ['Guide', 'Reference', 'Library', 'Inside'],
    navigation: { includeGroups: true, includeCategories: false, includeFolders: false },
    navigationLinks: { Playground: PLAYGROUND, GitHub: repository },
    sort: ['documents-first', 'source-order'],
    locales: { en: { kind_plural_module: 'Library' } },
    lightHighlightTheme: 'github-light-high-contrast',
    darkHighlightTheme: 'github-dark-high-contrast',
    highlightLanguages: languagesOf(source),
    sluggerConfiguration: { lowercase: true },
    // Types that are no exports of their own are shown where they are used.
    validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
    treatWarningsAsErrors: true,
  };
  writeSource('typedoc.json', JSON.stringify(options));
  const program = join(root, 'site/node_modules/typedoc/bin/typedoc');
  execFileSync(process.execPath, [program, '--options', join(source, 'typedoc.json'), '--logLevel', 'Warn'], {
    cwd: source,
    stdio: 'inherit',
  });
}

/** From a page in a folder the menu leads out of it, and a link to the first page to its file. */
function relateLinks(folder) {
  for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith('.html'))) {
    const path = join(folder, name);
    const target = relative(dirname(name), PLAYGROUND);
    const html = readFileSync(path, 'utf8').replaceAll(`href="${PLAYGROUND}"`, `href="${target}"`);
    writeFileSync(path, html.replaceAll(/href="((?:\.\.\/)+)(?=["#])/g, 'href="$1index.html'));
  }
}

const folder = resolve(process.argv[2] ?? join(root, 'dist/site'));
if (!existsSync(join(root, 'dist/index.d.ts')))
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'inherit' });
installTypeDoc();
rmSync(source, { recursive: true, force: true });
await writeDocuments();
runTypeDoc(folder, writeDeclarations());
await buildPage(root);
copyFileSync(join(root, 'dist/page.html'), join(folder, PLAYGROUND));
relateLinks(folder);
const dead = deadLinksOf(folder);
for (const line of dead) process.stderr.write(`${line}\n`);
if (dead.length > 0) process.exitCode = 1;
else
  process.stdout.write(
    `${relative(process.cwd(), folder) || '.'}: open index.html, or put the folder on any web server\n`,
  );
