// Says what packages of others are in the scripts that are published: their licences, and a bill of materials. What is
// bundled is in no node_modules of a user, so `npm audit` does not see it: scanners read the bill instead.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages that a build has taken files of, by name. @returns what their package.json, their folder and the lockfile say */
export function bundledPackages(root, metafiles) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const folders = inputs.flatMap((path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []);
  return [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    return { name, version, license, folder, integrity: packages[folder].integrity };
  });
}

/** The licences of what is bundled ask to go with it. */
export function writeLicences(root, packages) {
  const texts = packages.map(({ name, version, folder }) => {
    const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version}\n\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`;
  });
  writeFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

/** A CycloneDX 1.6 bill of materials, the same for the same lockfile: it has no time and no serial number. */
export function writeBillOfMaterials(root, packages) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', ...describe({ name, version, license }) } },
    components: packages.map((each) => ({ type: 'library', scope: 'required', ...describe(each) })),
    dependencies: [
      { ref: urlOf({ name, version }), dependsOn: packages.map(urlOf) },
      ...packages.map((each) => ({ ref: urlOf(each) })),
    ],
  };
  writeFileSync(join(root, 'dist/svcgen.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
}

function describe({ name, version, license, integrity }) {
  const url = urlOf({ name, version });
  const hashes = integrity === undefined ? {} : { hashes: [hashOf(integrity)] };
  return { 'bom-ref': url, name, version, licenses: [{ license: { id: license } }], purl: url, ...hashes };
}

function urlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** As package-lock.json has it: `sha512-` and base64. */
function hashOf(integrity) {
  const [, content] = integrity.split('sha512-');
  return { alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') };
}
