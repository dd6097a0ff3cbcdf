// 2,000 Services with 10 endpoints each, one in a hundred changed: what svcgen diff takes, against parsing both sides.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster } from './large-cluster.mjs';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const SIZE = { services: 2_000, endpoints: 10 };
const ROUNDS = 7;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchDiff(folder) {
  const [before, after] = [join(folder, 'before.json'), join(folder, 'after.json')];
  const list = largeCluster(SIZE);
  writeFileSync(before, JSON.stringify(list, undefined, 4));
  for (const item of list.items) changeSome(item);
  writeFileSync(after, JSON.stringify(list, undefined, 4));
  const parsing = 'parsing both sides';
  const times = interleave(
    {
      [parsing]: () => parse(before) + parse(after),
      'svcgen diff, with its start': () =>
        runProgram([process.execPath, svcgen, 'diff', before, after], { expected: 1 }).milliseconds,
    },
    ROUNDS,
  );
  printTable(
    `diff of ${SIZE.services} services x ${SIZE.endpoints} endpoints (median of ${ROUNDS}; aim: below 3 x)`,
    Object.entries(times).map(([name, time]) => [name, ms(time), ratio(time, times[parsing])]),
  );
}

function parse(file) {
  const { stdout } = runProgram([process.execPath, `${bench}stages.mjs`, file]);
  return JSON.parse(stdout).milliseconds.parse;
}

/** One Service in a hundred loses an endpoint. */
function changeSome({ kind, metadata, endpoints }) {
  if (kind === 'EndpointSlice' && /-\d*00-/.test(metadata.name)) endpoints.pop();
}
