// Child process: one render run with the library, stage by stage; prints milliseconds and peak memory as JSON.
// usage: node stages.mjs FILE

import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  allocate,
  defaultProxyConfig,
  defaultValidateOptions,
  parse,
  render,
  resolve,
  validate,
} from 'svcgen';

const ALLOCATION = {
  serviceCIDRs: undefined,
  nodePortRange: defaultValidateOptions.nodePortRange,
  lock: undefined,
  noAllocate: false,
};

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
  const allocated = allocate(cluster, ALLOCATION);
  return resolve(allocated.cluster, { config: defaultProxyConfig, family: 'IPv4' });
});
const outputBytes = timed('render', () => countCharacters(render(state, { form: 'tables' })));
console.log(JSON.stringify({ milliseconds, outputBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }));
