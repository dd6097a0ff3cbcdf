// 10,000 Services with 10 endpoints each, as JSON and as the YAML of several tools: what svcgen takes, beside what
// it should be compared with.

import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster } from './large-cluster.mjs';
import {
  collect,
  collectInTurn,
  median,
  megabytes,
  ms,
  printTable,
  ratio,
  runNode,
  runProgram,
  spread,
} from './measure.mjs';
import { YAML_STYLES } from './yaml-styles.mjs';

const SIZE = { services: 10_000, endpoints: 10 };
const ROUNDS = 3;
/** Whole runs are short, and use both cores: they feel most of what else a machine does. */
const WHOLE_ROUNDS = 9;
/** As `kubectl get -o json` indents it, and as programs write it. */
const JSON_TEXTS = ['JSON', 'compact JSON'];
const WHAT = `${SIZE.services} services x ${SIZE.endpoints} endpoints`;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export async function benchLargeCluster(folder) {
  const files = makeFiles(folder);
  const { outputBytes } = child('stages.mjs', files.JSON.path);
  const wholeRuns = Object.fromEntries(
    JSON_TEXTS.flatMap((name) => {
      const { path } = files[name];
      const parseAndWrite = [`${bench}parse-and-write.mjs`, path, String(outputBytes)];
      return [
        [`${name}: JSON.parse + write`, () => toFile(parseAndWrite, folder)],
        [`${name}: svcgen render`, () => toFile([svcgen, 'render', path, '--quiet'], folder)],
      ];
    }),
  );
  const candidates = {
    'JSON.parse': () => child('parser.mjs', 'JSON.parse', files.JSON.path).milliseconds,
    ...Object.fromEntries(
      Object.entries(files).map(([name, { path }]) => [name, () => child('stages.mjs', path)]),
    ),
  };
  printWholeRuns(await collectInTurn(wholeRuns, WHOLE_ROUNDS));
  const runs = collect(candidates, ROUNDS);
  printAims(runs, files);
  printStages(runs, files);
  printParsers(runs, files);
}

function makeFiles(folder) {
  const list = largeCluster(SIZE);
  const texts = { JSON: JSON.stringify(list, undefined, 4), 'compact JSON': JSON.stringify(list) };
  for (const [style, print] of Object.entries(YAML_STYLES)) texts[`YAML, ${style}`] = print(list);
  return Object.fromEntries(
    Object.entries(texts).map(([name, text], index) => {
      const path = join(folder, `cluster-${index}.${JSON_TEXTS.includes(name) ? 'json' : 'yaml'}`);
      writeFileSync(path, text);
      return [name, { path, bytes: statSync(path).size }];
    }),
  );
}

function child(script, ...args) {
  return JSON.parse(runProgram([process.execPath, `${bench}${script}`, ...args]).stdout);
}

async function toFile(command, folder) {
  const stdout = openSync(join(folder, 'output'), 'w');
  try {
    return await runNode(command, { stdout });
  } finally {
    closeSync(stdout);
  }
}

/** By the clock, and as processor time of all threads: the least of each says what a quiet machine takes. */
function printWholeRuns(runs) {
  const least = (name, what) => Math.min(...runs[name].map((run) => run[what]));
  const rows = JSON_TEXTS.flatMap((name) =>
    [
      ['by the clock', 'milliseconds'],
      ['processor', 'processor'],
    ].map(([how, what]) => {
      const [own, yardstick] = ['svcgen render', 'JSON.parse + write'].map((each) =>
        least(`${name}: ${each}`, what),
      );
      return [`from ${name}, ${how}`, ms(own), ms(yardstick), ratio(own, yardstick), '1.6 x'];
    }),
  );
  printTable(`${WHAT}: whole runs beside JSON.parse + write (least of ${WHOLE_ROUNDS})`, [
    ['', 'svcgen', 'yardstick', 'ratio', 'at most'],
    ...rows,
  ]);
}

/** Each figure beside its yardstick of the same round, and what is wanted. */
function printAims(runs, files) {
  const parse = runs.JSON.map(({ milliseconds }) => milliseconds.parse);
  const validate = runs.JSON.map(({ milliseconds }) => milliseconds.validate);
  const rows = [
    ['validation of it / JSON.parse of its text', ...compare(validate, runs['JSON.parse']), '0.5 x'],
    ["validation of it / svcgen's parse stage", ...compare(validate, parse), '0.5 x'],
    ...Object.entries(files).map(([name, { bytes }]) => {
      const peaks = runs[name].map(({ peakBytes }) => peakBytes);
      const times = peaks.map((peak) => peak / bytes);
      return [
        `peak memory, ${name} / its size`,
        megabytes(median(peaks)),
        megabytes(bytes),
        spread(times, (x) => `${x.toFixed(1)} x`),
        JSON_TEXTS.includes(name) ? '2 x' : '4 x',
      ];
    }),
  ];
  printTable(`${WHAT}: aims (median of ${ROUNDS}, and from least to most)`, [
    ['', 'svcgen', 'yardstick', 'ratio', 'at most'],
    ...rows,
  ]);
}

function compare(values, yardsticks) {
  const ratios = values.map((value, round) => value / yardsticks[round]);
  return [ms(median(values)), ms(median(yardsticks)), spread(ratios, (x) => `${x.toFixed(2)} x`)];
}

function printStages(runs, files) {
  const stages = Object.keys(runs.JSON[0].milliseconds);
  printTable(`${WHAT}, stage by stage (median of ${ROUNDS})`, [
    ['input', 'size', ...stages, 'all'],
    ...Object.entries(files).map(([name, { bytes }]) => {
      const medians = stages.map((stage) =>
        median(runs[name].map(({ milliseconds }) => milliseconds[stage])),
      );
      return [name, megabytes(bytes), ...medians.map(ms), ms(medians.reduce((sum, time) => sum + time, 0))];
    }),
  ]);
}

/** svcgen's parse stage with all that belongs to it (decoding, taking lists apart), and parsers alone. */
function printParsers(runs, files) {
  const yaml = files['YAML, kustomize'];
  const single = ['js-yaml', 'yaml'].map((name) => [
    `${name}, YAML, kustomize`,
    yaml.bytes,
    [child('parser.mjs', name, yaml.path).milliseconds],
  ]);
  const stages = Object.entries(files).map(([name, { bytes }]) => [
    `svcgen's parse stage, ${name}`,
    bytes,
    runs[name].map(({ milliseconds }) => milliseconds.parse),
  ]);
  const rows = [['JSON.parse', files.JSON.bytes, runs['JSON.parse']], ...stages, ...single];
  const base = median(runs['JSON.parse']);
  printTable(
    'parsing (median, and from least to most; aim for YAML: at least 20 MB/s), against JSON.parse of the same cluster',
    [
      ['', 'time', 'speed', 'ratio'],
      ...rows.map(([name, bytes, times]) => [
        name,
        ms(median(times)),
        spread(
          times.map((time) => bytes / 1e3 / time),
          (speed) => `${speed.toFixed(1)} MB/s`,
        ),
        ratio(median(times), base),
      ]),
    ],
  );
}
