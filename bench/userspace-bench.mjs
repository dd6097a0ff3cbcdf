// What userspace mode costs: how long nginx takes for the configuration of a large cluster, with how much memory, and how
// many requests get through it, beside the rules of iptables mode. In network namespaces that end with each run. Needs
// Linux, root or user namespaces, nginx with its module stream, iptables-legacy, ip and conntrack.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster, lastAddress } from './large-cluster.mjs';
import { collect, inNamespaces, megabytes, ms, printTable, ratio, runProgram } from './measure.mjs';

const SIZES = [
  { services: 1_000, endpoints: 20 },
  { services: 5_000, endpoints: 20 },
];
const ROUNDS = 2;
const child = fileURLToPath(new URL('./userspace-child.mjs', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchUserspace(folder) {
  const runs = SIZES.map((size) => ({ size, files: renderAll(folder, size) }));
  const loads = runs.map(({ size: { services, endpoints }, files }) => {
    const { test, start, reload, bytes } = inNamespaces(child, 'load', files.configuration);
    return [
      `${services} x ${endpoints}`,
      megabytes(files.bytes),
      ms(test),
      ms(start),
      ms(reload),
      megabytes(bytes),
    ];
  });
  printTable('nginx of userspace mode (memory: of master and workers, shared pages once)', [
    ['services x endpoints', 'text', 'nginx -t', 'start', 'reload', 'memory'],
    ...loads,
  ]);
  for (const { size, files } of runs) {
    const address = lastAddress(size.services);
    const ways = {
      'endpoint itself': ['10.128.0.1', '8080', '-', '-'],
      'iptables mode': [address, '80', files.iptables, '-'],
      'userspace mode': [address, '80', files.portals, files.configuration],
    };
    const candidates = Object.entries(ways).map(([name, args]) => [
      name,
      () => inNamespaces(child, 'requests', ...args),
    ]);
    const found = collect(Object.fromEntries(candidates), ROUNDS);
    // Noise only ever takes away.
    const measured = Object.entries(found).map(([name, results]) => ({
      name,
      fresh: Math.max(...results.map(({ fresh }) => fresh)),
      kept: Math.max(...results.map(({ kept }) => kept)),
    }));
    const [, yardstick] = measured;
    printTable(`requests to the last of ${size.services} services, a second`, [
      ['way', 'a connection each', 'beside iptables', 'connections kept', 'beside iptables'],
      ...measured.map(({ name, fresh, kept }) => [
        name,
        fresh.toFixed(0),
        ratio(fresh, yardstick.fresh),
        kept.toFixed(0),
        ratio(kept, yardstick.kept),
      ]),
    ]);
  }
}

function renderAll(folder, size) {
  const manifests = join(folder, `cluster-${size.services}.json`);
  writeFileSync(manifests, JSON.stringify(largeCluster(size)));
  const render = (name, ...flags) => {
    const file = join(folder, `${name}-${size.services}`);
    const { stdout } = runProgram([process.execPath, svcgen, 'render', manifests, ...flags]);
    writeFileSync(file, stdout);
    return { file, bytes: stdout.length };
  };
  const nginx = render('nginx.conf', '--mode', 'userspace', '--artifact', 'nginx');
  return {
    configuration: nginx.file,
    bytes: nginx.bytes,
    portals: render('portals', '--mode', 'userspace', '--artifact', 'iptables').file,
    iptables: render('iptables', '--mode', 'iptables').file,
  };
}
