// Rules for every node of a cluster: svcgen render --node '*' against one run for each node, and parts of them (--shard)
// against each other: what one more node takes of a processor, and what two processes gain.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { largeCluster, nodesOf } from './large-cluster.mjs';
import { interleave, megabytes, ms, printTable, ratio, runNode, runProgram } from './measure.mjs';

const SIZE = { services: 500, endpoints: 20 };
const NODES = 10;
const ROUNDS = 2;
const SETTINGS = [
  ['--mode', 'iptables'],
  ['--mode', 'iptables', '--layout', 'compact'],
  ['--mode', 'ipvs'],
  ['--mode', 'nftables'],
];
/** Of the cluster of --shard, which is too large for a disk to keep up with: a part of it is rendered. */
const SHARDED = { services: 2_000, endpoints: 20 };
const SHARDED_NODES = 1_000;
const PARTS = 50;
/** Memory, where there is a folder for it: a disk is not what is measured. */
const MEMORY = '/dev/shm';
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export async function benchEveryNode(folder) {
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
  await benchShards(folder);
}

async function benchShards(folder) {
  const file = join(folder, 'sharded.json');
  const list = largeCluster(SHARDED);
  writeFileSync(file, JSON.stringify({ ...list, items: [...list.items, ...nodesOf(SHARDED_NODES)] }));
  const target = existsSync(MEMORY) ? mkdtempSync(join(MEMORY, 'svcgen-bench-')) : join(folder, 'sharded');
  try {
    const rows = [];
    for (const mode of ['iptables', 'nftables']) rows.push(await shardRow(mode, { file, target }));
    printTable(
      `${SHARDED_NODES} nodes, ${SHARDED.services} services x ${SHARDED.endpoints} endpoints, --shard I/${PARTS} (aims: half the time, 400 MB/s a core)`,
      [['', 'written', 'parts 1 and 2', 'the two at once', 'of that', 'a core'], ...rows],
    );
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** A core: what the nodes of a part take of processors beyond those of a half of it, since reading the input is the same for both. */
async function shardRow(mode, { file, target }) {
  const part = (index, parts) => runShard(`${index}/${parts}`, { mode, file, target });
  const [half, first, second] = [await part(1, 2 * PARTS), await part(1, PARTS), await part(2, PARTS)];
  const start = performance.now();
  await Promise.all([part(1, PARTS), part(2, PARTS)]);
  const both = performance.now() - start;
  const alone = first.milliseconds + second.milliseconds;
  const speed = (first.bytes - half.bytes) / 1e3 / (first.processor - half.processor);
  return [mode, megabytes(first.bytes), ms(alone), ms(both), ratio(both, alone), `${speed.toFixed(0)} MB/s`];
}

async function runShard(shard, { mode, file, target }) {
  const output = join(target, `${mode}-${shard.replace('/', '-of-')}`);
  const words = ['render', file, '--node', '*', '--mode', mode, '--shard', shard, '--output-dir', output];
  const { milliseconds, processor } = await runNode([svcgen, ...words, '--quiet']);
  const bytes = readdirSync(output, { recursive: true })
    .map((path) => statSync(join(output, path)))
    .reduce((sum, each) => sum + (each.isFile() ? each.size : 0), 0);
  rmSync(output, { recursive: true });
  return { milliseconds, processor, bytes };
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
