// 10,000 Services with 10 endpoints each, one endpoint replaced: `svcgen render --current` against all rules, in the
// kernel. Needs root, iptables of both variants, and nft.

import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster } from './large-cluster.mjs';
import { ms, printTable, ratio, runProgram } from './measure.mjs';

const SIZE = { services: 10_000, endpoints: 10 };
/** Of one endpoint's change, in nftables mode. */
const MOST_TO_LOAD = 20;
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));
const child = fileURLToPath(new URL('./load-changes.mjs', import.meta.url));

export function benchCurrent(folder) {
  for (const tool of ['iptables-legacy', 'iptables-nft', 'nftables']) {
    const files = makeFiles(folder, tool);
    const command = ['unshare', '--net', process.execPath, child, tool];
    const { stdout } = runProgram([...command, files.rules, files.manifests, files.saved, files.changes]);
    const times = JSON.parse(stdout);
    printTable(`${tool}, ${SIZE.services} services x ${SIZE.endpoints} endpoints, one endpoint replaced`, [
      ['', 'size', 'load', 'against all rules', 'at most'],
      ['all rules', bytes(files.rules), ms(times.full), ratio(times.full, times.full), ''],
      [
        '--current',
        bytes(files.changes),
        ms(times.changes),
        ratio(times.changes, times.full),
        tool === 'nftables' ? ms(MOST_TO_LOAD) : '',
      ],
    ]);
    console.log(
      `  before that: what the node has ${ms(times.save)}, svcgen render --current ${ms(times.svcgen)}`,
    );
  }
}

function makeFiles(folder, tool) {
  const path = (name) => join(folder, name);
  const files = {
    manifests: path('new.json'),
    rules: path('old.rules'),
    saved: path('saved.rules'),
    changes: path('changes.rules'),
  };
  const list = largeCluster(SIZE);
  writeFileSync(path('old.json'), JSON.stringify(list));
  list.items.findLast(({ kind }) => kind === 'EndpointSlice').endpoints[3].addresses = ['10.250.0.1'];
  writeFileSync(files.manifests, JSON.stringify(list));
  const mode = tool.replace(/-.*/, '');
  runProgram([process.execPath, svcgen, 'render', path('old.json'), '--mode', mode, '-o', files.rules]);
  return files;
}

function bytes(file) {
  const { size } = statSync(file);
  return size < 1e5 ? `${size} bytes` : `${(size / 1e6).toFixed(0)} MB`;
}
