// 10,000 Services with 10 endpoints each, as JSON and as YAML: stages, whole runs, parsers alone.

import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dump } from 'js-yaml';
import { largeCluster } from './large-cluster.mjs';
import {
  interleave,
  median,
  megabytes,
  megabytesPerSecond,
  ms,
  printTable,
  ratio,
  runProgram,
} from './measure.mjs';

const SIZE = { services: 10_000, endpoints: 10 };
const ROUNDS = 5;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchLargeCluster(folder) {
  const files = makeFiles(folder);
  const json = readStages(files.json);
  const yaml = readStages(files.yaml);
  benchStages({ json, yaml }, files);
  benchWholeRun(files.json, json.outputBytes, folder);
  benchParsers(files, { json, yaml });
}

function makeFiles(folder) {
  const list = largeCluster(SIZE);
  const json = join(folder, 'cluster.json');
  const yaml = join(folder, 'cluster.yaml');
  writeFileSync(json, JSON.stringify(list, undefined, 4));
  writeFileSync(
    yaml,
    list.items.map((item) => dump(item, { lineWidth: -1, seqNoIndent: true })).join('---\n'),
  );
  return { json, yaml };
}

/** The median of each stage over some runs. */
function readStages(file) {
  const runs = Array.from({ length: ROUNDS }, () => child('stages.mjs', file));
  const stages = Object.keys(runs[0].milliseconds);
  return {
    outputBytes: runs[0].outputBytes,
    peakBytes: median(runs.map(({ peakBytes }) => peakBytes)),
    milliseconds: Object.fromEntries(
      stages.map((stage) => [stage, median(runs.map(({ milliseconds }) => milliseconds[stage]))]),
    ),
  };
}

function child(script, ...args) {
  return JSON.parse(runProgram([process.execPath, `${bench}${script}`, ...args]).stdout);
}

function benchStages(results, files) {
  const stages = Object.keys(results.json.milliseconds);
  printTable(
    `${SIZE.services} services x ${SIZE.endpoints} endpoints, stage by stage (median of ${ROUNDS})`,
    [
      ['input', 'size', ...stages, 'all', 'peak memory'],
      ...Object.entries(results).map(([name, { milliseconds, peakBytes }]) => [
        name,
        megabytes(statSync(files[name]).size),
        ...stages.map((stage) => ms(milliseconds[stage])),
        ms(stages.reduce((sum, stage) => sum + milliseconds[stage], 0)),
        megabytes(peakBytes),
      ]),
    ],
  );
}

/** Whole processes, output to a file, against reading JSON and writing as much text. */
function benchWholeRun(file, outputBytes, folder) {
  const yardstick = 'JSON.parse + write';
  const times = interleave(
    {
      [yardstick]: () =>
        toFile([process.execPath, `${bench}parse-and-write.mjs`, file, String(outputBytes)], folder),
      'svcgen render': () => toFile([process.execPath, svcgen, 'render', file], folder),
    },
    ROUNDS,
  );
  printTable(
    `whole run from JSON, ${megabytes(outputBytes)} of rules (median of ${ROUNDS}; aim: at most 3 x)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, times[yardstick])]),
  );
}

function toFile(command, folder) {
  const descriptor = openSync(join(folder, 'output'), 'w');
  try {
    return runProgram(command, { stdout: descriptor }).milliseconds;
  } finally {
    closeSync(descriptor);
  }
}

function benchParsers(files, { json, yaml }) {
  const jsonParse = child('parser.mjs', 'JSON.parse', files.json);
  const rows = [
    ['JSON.parse', files.json, jsonParse.milliseconds],
    ["svcgen's parse, JSON", files.json, json.milliseconds.parse],
    ["svcgen's parse, YAML", files.yaml, yaml.milliseconds.parse],
    ['js-yaml', files.yaml, child('parser.mjs', 'js-yaml', files.yaml).milliseconds],
    ['yaml', files.yaml, child('parser.mjs', 'yaml', files.yaml).milliseconds],
  ];
  printTable(
    'parsers alone, against JSON.parse of the same cluster',
    rows.map(([name, file, time]) => [
      name,
      ms(time),
      megabytesPerSecond(statSync(file).size, time),
      ratio(time, jsonParse.milliseconds),
    ]),
  );
}
