// npm run release -- --dry-run: makes all that is published in release/, and checks it. Without --dry-run it also tags the commit
// and publishes the package. Each check says what to do when it fails; nothing is published before all have passed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
const target = join(root, 'release');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Runs a program to its end. @returns what it printed */
function run(program, ...args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${[program, ...args].join(' ')}\n${stdout}${stderr}`.trim());
  return stdout.trim();
}

function demand(isSo, problem) {
  if (!isSo) throw new Error(problem);
}

function checkTree() {
  const changes = run('git', 'status', '--porcelain');
  demand(changes === '', `commit or stash first:\n${changes}`);
}

function checkVersion() {
  demand(/^\d+\.\d+\.\d+$/.test(version), `package.json: ${version} is no version to release`);
  const tag = run('git', 'tag', '--list', `v${version}`);
  demand(tag === '', `v${version} is released already: raise the version in package.json`);
}

function checkChangelog() {
  const text = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const section = text.split(/^## /m).find((each) => each.split(/\s/, 1)[0] === version);
  demand(
    section !== undefined,
    `CHANGELOG.md has no section "## ${version}": rename "Unreleased", and begin a new one`,
  );
  demand(/^- /m.test(section), `CHANGELOG.md says nothing of ${version}`);
}

/** Rules of a version do not change but by intention: the golden files are what this code prints. */
function checkGoldens() {
  run('npm', 'run', 'build');
  run('npx', 'vitest', 'run', 'test/golden.test.ts', 'test/golden');
}

function makePackage() {
  run('npm', 'pack', '--pack-destination', target);
  const tarball = join(target, `svcgen-${version}.tgz`);
  const names = run('tar', '-tzf', tarball).split('\n');
  const needed = [
    'bin/svcgen.js',
    'bin/kubectl-svcgen.js',
    'dist/index.d.ts',
    'dist/svcgen.cdx.json',
    'man/svcgen.1',
  ];
  for (const name of needed) demand(names.includes(`package/${name}`), `the package lacks ${name}`);
}

function makeBinary() {
  run('node', 'scripts/binary.mjs');
  const name = `svcgen-${process.platform}-${process.arch}`;
  const said = run(join(root, 'dist', name), '--version');
  demand(said === version, `the executable says that it is ${said}`);
  copyFileSync(join(root, 'dist', name), join(target, name));
}

function copyBillAndManual() {
  const bill = JSON.parse(readFileSync(join(root, 'dist/svcgen.cdx.json'), 'utf8'));
  demand(bill.metadata.component.version === version, 'the bill of materials is of another version');
  demand(bill.components.length > 0, 'the bill of materials is empty');
  const manual = readFileSync(join(root, 'man/svcgen.1'), 'utf8');
  demand(manual.includes(`"svcgen ${version}"`), 'the manual is of another version');
  copyFileSync(join(root, 'dist/svcgen.cdx.json'), join(target, 'svcgen.cdx.json'));
  copyFileSync(join(root, 'man/svcgen.1'), join(target, 'svcgen.1'));
}

function writeChecksums() {
  const lines = readdirSync(target).map((name) => {
    const digest = createHash('sha256')
      .update(readFileSync(join(target, name)))
      .digest('hex');
    return `${digest}  ${name}\n`;
  });
  writeFileSync(join(target, 'SHA256SUMS'), lines.join(''));
}

function publish() {
  run('git', 'tag', '--annotate', `v${version}`, '--message', `svcgen ${version}`);
  run('npm', 'publish', join(target, `svcgen-${version}.tgz`), '--access', 'public');
}

const STEPS = [
  ['the tree is clean', checkTree],
  ['the version is new', checkVersion],
  ['CHANGELOG.md has its section', checkChangelog],
  ['rules are as the golden files have them', checkGoldens],
  ['the package is whole', makePackage],
  ['the executable runs', makeBinary],
  ['bill of materials and manual are of this version', copyBillAndManual],
  ['checksums', writeChecksums],
];

const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
for (const [name, step] of STEPS) {
  try {
    step();
    console.log(`ok      ${name}`);
  } catch (error) {
    console.error(`not ok  ${name}: ${error.message}`);
    process.exit(1);
  }
}
console.log(readFileSync(join(target, 'SHA256SUMS'), 'utf8').trim());
if (values['dry-run']) {
  console.log(
    `nothing is published: without --dry-run this tags v${version} and publishes release/svcgen-${version}.tgz`,
  );
} else {
  publish();
  console.log(
    `svcgen ${version} is published; push the tag: git push origin v${version}, and add release/ to it`,
  );
}
