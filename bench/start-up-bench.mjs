// How long a user waits for each command on a small input, against node doing nothing.

import { fileURLToPath } from 'node:url';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const ROUNDS = 21;
const root = fileURLToPath(new URL('../', import.meta.url));
const quickstart = `${root}fixtures/quickstart`;
const replica = `${root}fixtures/diff/replica`;

/** A command line, and its exit code when it is not 0. */
const COMMAND_LINES = [
  [['--version']],
  [['render', quickstart]],
  [['validate', quickstart]],
  [['env', quickstart]],
  [['endpoints', quickstart]],
  [['dns', quickstart]],
  [['explain', quickstart, '--to', 'default/frontend']],
  [['diff', `${replica}/old.yaml`, `${replica}/new.yaml`], 1],
  [['test', `${root}fixtures/traffic/shop`]],
  [['cleanup']],
  [['completion', 'bash']],
];

export function benchStartUp() {
  const script = `${root}bin/svcgen.js`;
  const runs = COMMAND_LINES.map(([words, expected = 0]) => [
    `svcgen ${words.map((word) => word.replace(root, '')).join(' ')}`,
    () => runProgram([process.execPath, script, ...words], { expected }).milliseconds,
  ]);
  const node = () => runProgram([process.execPath, '-e', '0']).milliseconds;
  const times = interleave({ 'node -e 0': node, ...Object.fromEntries(runs) }, ROUNDS);
  const base = times['node -e 0'];
  printTable(
    `start-up (median of ${ROUNDS} runs; aim: at most 1.4 x node)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, base)]),
  );
}
