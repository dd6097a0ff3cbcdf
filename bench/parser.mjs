// Child process: reads a file, or all files of a folder, with one parser alone and prints what it took, as JSON.
// usage: node parser.mjs JSON.parse|yaml|js-yaml PATH

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

const PARSERS = {
  'JSON.parse': async () => JSON.parse,
  yaml: async () => {
    const { parseAllDocuments } = await import('yaml');
    return (text) => parseAllDocuments(text).map((document) => document.toJS());
  },
  'js-yaml': async () => (await import('js-yaml')).loadAll,
};

const [name, path] = process.argv.slice(2);
const read = await PARSERS[name]();
const files = statSync(path).isDirectory() ? readdirSync(path).map((file) => join(path, file)) : [path];
const texts = files.map((file) => readFileSync(file, 'utf8'));
const start = performance.now();
for (const text of texts) read(text);
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
