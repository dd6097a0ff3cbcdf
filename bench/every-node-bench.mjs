// Rules for every node of a cluster: svcgen render --node '*' against one run for each node.

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster, nodesOf } from './large-cluster.mjs';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const SIZE = { services: 500, endpoints: 20 };
const NODES = 10;
const ROUNDS = 2;
const SETTINGS = [
  ['--mode', 'iptables'],
  ['--mode', 'iptables', '--layout', 'compact'],
  ['--mode', 'ipvs'],
  ['--mode', 'nftables'],
];
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchEveryNode(folder) {
  const file = join(folder, 'nodes.json');
  const list = largeCluster(SIZE);
  const nodes = nodesOf(NODES);
  writeFileSync(file, JSON.stringify({ ...list, items: [...list.items, ...nodes] }));
  const names = nodes.map(({ metadata }) => metadata.name);
  const rows = SETTINGS.map((flags) => {
    const times = interleave(
      {
        each: () => renderEach(names, { file, flags, folder }),
        all: () => render('*', { file, flags, folder }),
      },
      ROUNDS,
    );
    return [flags.slice(1).join(' '), ms(times.each), ms(times.all), ratio(times.each, times.all)];
  });
  printTable(
    `${NODES} nodes, ${SIZE.services} services x ${SIZE.endpoints} endpoints, all artifacts (median of ${ROUNDS})`,
    [['', 'one by one', "--node '*'", 'gain'], ...rows],
  );
}

function renderEach(names, options) {
  return names.reduce((sum, name) => sum + render(name, options), 0);
}

function render(node, { file, flags, folder }) {
  const output = join(folder, 'nodes');
  const command = [
    process.execPath,
    svcgen,
    'render',
    file,
    '--node',
    node,
    ...flags,
    '--output-dir',
    output,
  ];
  const { milliseconds } = runProgram(command);
  rmSync(output, { recursive: true });
  return milliseconds;
}
