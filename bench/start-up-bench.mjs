// How long a user waits for a small input, against node doing nothing.

import { fileURLToPath } from 'node:url';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const ROUNDS = 21;
const root = fileURLToPath(new URL('../', import.meta.url));

export function benchStartUp() {
  const svcgen = [process.execPath, `${root}bin/svcgen.js`];
  const times = interleave(
    {
      'node -e 0': () => runProgram([process.execPath, '-e', '0']).milliseconds,
      'svcgen --version': () => runProgram([...svcgen, '--version']).milliseconds,
      'svcgen render fixtures/quickstart': () =>
        runProgram([...svcgen, 'render', `${root}fixtures/quickstart`]).milliseconds,
    },
    ROUNDS,
  );
  const base = times['node -e 0'];
  printTable(
    `start-up (median of ${ROUNDS} runs; aim: at most 1.5 x node)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, base)]),
  );
}
