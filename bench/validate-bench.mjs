// svcgen validate: a repository of small files against parsing them with `yaml` alone, and against kubeconform where there
// is one; then repositories of others. bench/README.md says how to get both. The stage by itself is in
// large-cluster-bench.mjs.

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';
import { repository } from './repository.mjs';

const FILES = 2_000;
const ROUNDS = 7;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));
const { KUBECONFORM, KUBECONFORM_SCHEMAS, BENCH_REPOSITORIES = '' } = process.env;

export function benchValidate(folder) {
  const files = join(folder, 'repository');
  mkdirSync(files);
  for (const [name, text] of repository(FILES)) writeFileSync(join(files, name), text);
  const alone = () => runProgram([process.execPath, `${bench}parser.mjs`, 'yaml', files]).milliseconds;
  benchRepository(`a repository of ${FILES} files`, files, { 'yaml alone': alone });
  for (const path of BENCH_REPOSITORIES.split(':').filter((each) => each !== ''))
    benchRepository(basename(path), path, {});
}

/** Whole processes, each with its start; what they find in files of others is no matter. */
function benchRepository(name, path, others) {
  const wants = { expected: [0, 1] };
  const run = (...words) =>
    runProgram([process.execPath, svcgen, 'validate', path, ...words], wants).milliseconds;
  const times = interleave(
    {
      ...others,
      ...(KUBECONFORM === undefined ? {} : { kubeconform: () => kubeconform(path, wants) }),
      'svcgen validate': () => run(),
      'svcgen validate --each': () => run('--each'),
    },
    ROUNDS,
  );
  const yardstick = times.kubeconform ?? times['yaml alone'] ?? times['svcgen validate'];
  printTable(
    `${name} (median of ${ROUNDS}; aim: no more than kubeconform, and --each no more than without)`,
    Object.entries(times).map(([program, time]) => [program, ms(time), ratio(time, yardstick)]),
  );
}

/** On both cores, by schemas that are files. */
function kubeconform(path, wants) {
  const schemas = KUBECONFORM_SCHEMAS === undefined ? [] : ['-schema-location', KUBECONFORM_SCHEMAS];
  return runProgram(
    [KUBECONFORM, '-ignore-missing-schemas', ...schemas, '-summary', '-output', 'json', path],
    wants,
  ).milliseconds;
}
