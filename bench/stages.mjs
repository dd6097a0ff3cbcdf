// Child process: one render run with the library, stage by stage; prints milliseconds and peak memory as JSON.
// usage: node stages.mjs FILE

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  allocate,
  defaultAllocateOptions,
  defaultProxyConfig,
  defaultValidateOptions,
  parse,
  renderIptables,
  resolve,
  validate,
} from 'svcgen';

const [file] = process.argv.slice(2);
const bytes = readFileSync(file);
const milliseconds = {};

function timed(stage, run) {
  const start = performance.now();
  const result = run();
  milliseconds[stage] = performance.now() - start;
  return result;
}

function countCharacters(pieces) {
  let count = 0;
  for (const piece of pieces) count += piece.length;
  return count;
}

const { manifests } = timed('parse', () => parse([{ path: file, bytes }]));
const { cluster } = timed('validate', () => validate(manifests, defaultValidateOptions));
const { state } = timed('resolve', () => {
  const allocated = allocate(cluster, defaultAllocateOptions);
  return resolve(allocated.cluster, { config: defaultProxyConfig, family: 'IPv4' });
});
const outputBytes = timed('render', () => countCharacters(renderIptables(state, { layout: 'tables' })));
console.log(JSON.stringify({ milliseconds, outputBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }));
