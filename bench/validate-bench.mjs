// svcgen validate: a repository of small files against parsing them with `yaml` alone, and the stage by itself.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster } from './large-cluster.mjs';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';
import { repository } from './repository.mjs';

const FILES = 2_000;
const SIZE = { services: 10_000, endpoints: 10 };
const ROUNDS = 7;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchValidate(folder) {
  benchRepository(join(folder, 'repository'));
  benchStage(join(folder, 'validate.json'));
}

/** Whole processes, each with its start. */
function benchRepository(folder) {
  mkdirSync(folder);
  for (const [name, text] of repository(FILES)) writeFileSync(join(folder, name), text);
  const yaml = 'yaml alone';
  const times = interleave(
    {
      [yaml]: () => runProgram([process.execPath, `${bench}parser.mjs`, 'yaml', folder]).milliseconds,
      'svcgen validate': () => runProgram([process.execPath, svcgen, 'validate', folder]).milliseconds,
    },
    ROUNDS,
  );
  printTable(
    `a repository of ${FILES} files (median of ${ROUNDS}; aim: below 3 x)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, times[yaml])]),
  );
}

/** The stage between parsing and resolving, in a process that has just parsed. */
function benchStage(file) {
  writeFileSync(file, JSON.stringify(largeCluster(SIZE), undefined, 4));
  const parsing = 'JSON.parse';
  const times = interleave(
    {
      [parsing]: () => child('parser.mjs', parsing, file).milliseconds,
      "svcgen's parse": () => child('stages.mjs', file).milliseconds.parse,
      'the stage validate': () => child('stages.mjs', file).milliseconds.validate,
    },
    ROUNDS,
  );
  printTable(
    `validation of ${SIZE.services} services x ${SIZE.endpoints} endpoints (median of ${ROUNDS}; aim: below 0.5 x)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, times[parsing])]),
  );
}

function child(script, ...args) {
  return JSON.parse(runProgram([process.execPath, `${bench}${script}`, ...args]).stdout);
}
