// What a node printed, and its manifests: how long a question about one connection takes, and what differs. The dumps are
// svcgen's own text, which iptables-save would print with one digit more of each probability, and which takes as long to compare.
// In the kernel `current` measures it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster, lastAddress } from './large-cluster.mjs';
import { interleave, megabytes, ms, printTable, runProgram } from './measure.mjs';

const ASKED = { services: 5_000, endpoints: 20 };
const COMPARED = { services: 10_000, endpoints: 10 };
const ROUNDS = 5;
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchDumps(folder) {
  const asked = makeDump(folder, ASKED);
  const compared = makeDump(folder, COMPARED);
  const to = `${lastAddress(ASKED.services)}:80`;
  const { manifests, dump } = compared;
  const candidates = {
    'explain --rules': () => run('explain', '--rules', asked.dump, '--to', to),
    'diff --rules': () => run('diff', manifests, '--rules', dump),
    'render --current': () => run('render', manifests, '--current', dump, '-o', join(folder, 'changes')),
  };
  const limits = { 'explain --rules': 500, 'diff --rules': 1500, 'render --current': 1500 };
  const times = interleave(candidates, ROUNDS);
  const sizeOf = (name) => (name === 'explain --rules' ? asked : compared);
  printTable(`dumps of a node, in iptables mode (median of ${ROUNDS})`, [
    ['', 'Services x endpoints', 'dump', 'time', 'at most'],
    ...Object.entries(times).map(([name, time]) => {
      const { size, bytes } = sizeOf(name);
      return [name, `${size.services} x ${size.endpoints}`, megabytes(bytes), ms(time), ms(limits[name])];
    }),
  ]);
}

/** The rules that a node has once its manifests are loaded. */
function makeDump(folder, size) {
  const manifests = join(folder, `dump-${size.services}.json`);
  const dump = join(folder, `dump-${size.services}.rules`);
  writeFileSync(manifests, JSON.stringify(largeCluster(size)));
  const { stdout } = runProgram([process.execPath, svcgen, 'render', manifests]);
  writeFileSync(dump, stdout);
  return { size, manifests, dump, bytes: stdout.length };
}

function run(...words) {
  return runProgram([process.execPath, svcgen, ...words]).milliseconds;
}
