// How long a user waits for each command on a small input, against node doing nothing: under the Node.js that runs this, and
// under those that BENCH_NODES lists.

import { delimiter } from 'node:path';
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
  const others = (process.env.BENCH_NODES ?? '').split(delimiter).filter((path) => path !== '');
  for (const node of [process.execPath, ...others]) benchNode(node);
}

function benchNode(node) {
  const script = `${root}bin/svcgen.js`;
  const runs = COMMAND_LINES.map(([words, expected = 0]) => [
    `svcgen ${words.map((word) => word.replace(root, '')).join(' ')}`,
    () => runProgram([node, script, ...words], { expected }).milliseconds,
  ]);
  const alone = () => runProgram([node, '-e', '0']).milliseconds;
  // The first run of each command keeps what V8 has compiled.
  for (const [, run] of runs) run();
  const times = interleave({ 'node -e 0': alone, ...Object.fromEntries(runs) }, ROUNDS);
  const base = times['node -e 0'];
  const { stdout } = runProgram([node, '--version']);
  printTable(
    `start-up under Node.js ${String(stdout).trim()} (median of ${ROUNDS} runs; aim: at most 1.4 x node)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, base)]),
  );
}
