// Child process: reads one file, manifests or, as *.traffic.yaml, cases, as svcgen test does, and prints how many milliseconds
// that takes: from its bytes to values, without shapes or rules.
// usage: node parse-file.mjs FILE

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { importTypeScript } from '../scripts/import-typescript.mjs';

const MODULES = { manifests: 'src/parse/parse.ts', cases: 'src/parse/parse-documents.ts' };

const [path] = process.argv.slice(2);
const kind = path.endsWith('.traffic.yaml') ? 'cases' : 'manifests';
const { parseInTurn, parseDocuments } = await importTypeScript(MODULES[kind]);
const bytes = readFileSync(path);
const start = performance.now();
const found = kind === 'cases' ? parseDocuments({ path, bytes }).documents : countManifests();
const milliseconds = performance.now() - start;
if (found.length === 0) throw new Error(`${path} holds nothing`);
console.log(JSON.stringify(milliseconds));

/** Each is let go when the next one is read, as validation does. */
function countManifests() {
  return parseInTurn([{ path, bytes }], (manifests) => Array.from(manifests, () => true)).made;
}
