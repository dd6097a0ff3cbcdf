// svcgen validate: a repository of small files against parsing them with `yaml` alone. The stage by itself is in
// large-cluster-bench.mjs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';
import { repository } from './repository.mjs';

const FILES = 2_000;
const ROUNDS = 7;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchValidate(folder) {
  benchRepository(join(folder, 'repository'));
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
