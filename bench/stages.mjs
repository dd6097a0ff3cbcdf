// Child process: one render run with the library, stage by stage; prints milliseconds and peak memory as JSON.
// usage: node stages.mjs FILE

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import {
  allocate,
  defaultProxyConfig,
  defaultValidateOptions,
  parseInTurn,
  renderArtifact,
  resolve,
  validate,
} from 'svcgen/stages';

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
  const start = performance.now();
  const { made } = parseInTurn([{ path, size: statSync(path).size, fill }], (manifests) =>
    validate({ [Symbol.iterator]: () => timedReading(manifests) }, defaultValidateOptions),
  );
  milliseconds.validate = performance.now() - start - milliseconds.parse;
  return made.cluster;
}

function* timedReading(manifests) {
  let before = performance.now();
  for (const manifest of manifests) {
    milliseconds.parse += performance.now() - before;
    yield manifest;
    before = performance.now();
  }
  milliseconds.parse += performance.now() - before;
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
const wanted = { mode: 'iptables', layout: 'kube-proxy', states: new Map([['IPv4', state]]), form: 'tables' };
const outputBytes = timed('render', () => countCharacters(renderArtifact('iptables', wanted)));
console.log(JSON.stringify({ milliseconds, outputBytes, peakBytes: process.resourceUsage().maxRSS * 1024 }));
