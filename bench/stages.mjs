// Child process: one render run with the library, stage by stage; prints milliseconds and peak memory as JSON.
// usage: node stages.mjs FILE

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  allocate,
  defaultProxyConfig,
  defaultValidateOptions,
  parseInTurn,
  render,
  resolve,
  validateInTurn,
} from 'svcgen';

const ALLOCATION = {
  serviceCIDRs: undefined,
  nodePortRange: defaultValidateOptions.nodePortRange,
  lock: undefined,
  noAllocate: false,
};

const [path] = process.argv.slice(2);
const milliseconds = { parse: 0, validate: 0 };

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

/** Objects are validated as soon as they are read, so that the clock changes hands between the two stages. */
function readCluster() {
  const validation = validateInTurn(defaultValidateOptions);
  const start = performance.now();
  parseInTurn([{ path, size: statSync(path).size, fill }], (manifest) => {
    const before = performance.now();
    validation.take(manifest);
    milliseconds.validate += performance.now() - before;
    return true;
  });
  milliseconds.parse = performance.now() - start - milliseconds.validate;
  const before = performance.now();
  const { cluster } = validation.finish();
  milliseconds.validate += performance.now() - before;
  return cluster;
}

function fill(buffer, position) {
  const descriptor = openSync(path, 'r');
  readSync(descriptor, buffer, 0, buffer.length, position);
  closeSync(descriptor);
}

const cluster = readCluster();
const { state } = timed('resolve', () => {
  const allocated = allocate(cluster, ALLOCATION);
  return resolve(allocated.cluster, { config: defaultProxyConfig, family: 'IPv4' });
});
const outputBytes = timed('render', () => countCharacters(render(state, { form: 'tables' })));
console.log(JSON.stringify({ milliseconds, outputBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }));
