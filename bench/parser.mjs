// Child process: reads a file with one parser alone and prints what it took, as JSON.
// usage: node parser.mjs JSON.parse|yaml|js-yaml FILE

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const PARSERS = {
  'JSON.parse': async () => JSON.parse,
  yaml: async () => {
    const { parseAllDocuments } = await import('yaml');
    return (text) => parseAllDocuments(text).map((document) => document.toJS());
  },
  'js-yaml': async () => (await import('js-yaml')).loadAll,
};

const [name, file] = process.argv.slice(2);
const read = await PARSERS[name]();
const text = readFileSync(file, 'utf8');
const start = performance.now();
read(text);
const milliseconds = performance.now() - start;
console.log(JSON.stringify({ milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 }));
