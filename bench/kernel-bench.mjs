// What a kernel makes of our layouts, beside kube-proxy's own: how long rules take to load, with how much memory, and
// what they cost a new connection. In network namespaces that end with each run. Needs Linux, root or user
// namespaces, and the programs iptables-legacy, iptables-nft, nft, ip, conntrack and perl.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster, lastAddress } from './large-cluster.mjs';
import { inNamespaces, megabytes, ms, printTable, ratio, runProgram } from './measure.mjs';

const ENDPOINTS = 50;
const SET_UPS = [1_000, 10_000];
/** Rules of a Service that has many endpoints take longer to choose one: few here, so that finding it is what counts. */
const SET_UP_ENDPOINTS = 4;
const child = fileURLToPath(new URL('./kernel-child.mjs', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

/** In each group the first is kube-proxy's layout, which the others are compared with. */
const GROUPS = [
  [
    [
      'iptables-legacy, kube-proxy',
      'iptables-legacy-restore',
      ['--mode', 'iptables', '--layout', 'kube-proxy'],
    ],
    ['iptables-legacy, compact', 'iptables-legacy-restore', ['--mode', 'iptables', '--layout', 'compact']],
  ],
  [
    ['iptables-nft, kube-proxy', 'iptables-nft-restore', ['--mode', 'iptables', '--layout', 'kube-proxy']],
    ['iptables-nft, compact', 'iptables-nft-restore', ['--mode', 'iptables', '--layout', 'compact']],
  ],
  [
    ['nftables, kube-proxy', 'nft', ['--mode', 'nftables', '--layout', 'kube-proxy', '--family', 'ipv4']],
    ['nftables, compact', 'nft', ['--mode', 'nftables', '--layout', 'compact', '--family', 'ipv4']],
  ],
];

/** kube-proxy before 1.36 has a chain for each endpoint. nft takes minutes for many of them. */
const FORMER_NFTABLES = [
  ['nftables, kube-proxy 1.35', 'nft', ['--layout', 'kube-proxy', '--kubernetes-version', '1.35']],
  ['nftables, compact', 'nft', ['--layout', 'compact']],
].map(([name, program, flags]) => [name, program, ['--mode', 'nftables', '--family', 'ipv4', ...flags]]);

const LOADS = [
  { services: 1_000, groups: [FORMER_NFTABLES], aims: 'compact 40 x' },
  {
    services: 5_000,
    groups: GROUPS,
    aims: 'iptables-legacy compact 15 x; nftables compact in 3 s and 500 MB',
  },
];

export function benchLoading(folder) {
  for (const { services, groups, aims } of LOADS) {
    const manifests = manifestsOf(folder, { services, endpoints: ENDPOINTS });
    const rows = groups.flatMap((group) => {
      const results = group.map(([name, program, flags]) => {
        const rules = renderTo(folder, manifests, flags);
        return { name, rules, ...inNamespaces(child, 'load', program, rules.file) };
      });
      return results.map(({ name, rules, milliseconds, peakBytes }) => [
        name,
        megabytes(rules.bytes),
        ms(milliseconds),
        megabytes(peakBytes),
        ratio(results[0].milliseconds, milliseconds),
      ]);
    });
    printTable(`loading ${services} services x ${ENDPOINTS} endpoints into a kernel (aims: ${aims})`, [
      ['rules', 'text', 'time', 'peak memory', 'faster'],
      ...rows,
    ]);
  }
}

export function benchSetUp(folder) {
  const rows = SET_UPS.flatMap((services) => {
    const manifests = manifestsOf(folder, { services, endpoints: SET_UP_ENDPOINTS });
    return GROUPS.flat().map(([name, program, flags]) => {
      const { file } = renderTo(folder, manifests, flags);
      const { direct, toService } = inNamespaces(child, 'set-up', program, file, lastAddress(services), '80');
      const micros = (value) => `${value.toFixed(1)} µs`;
      return [services, name, micros(direct), micros(toService), micros(toService - direct)];
    });
  });
  printTable(
    'processor time of the first packet of a connection to the last of N services (aim: at most 10 µs over direct)',
    [['services', 'rules', 'direct', 'to the service', 'difference'], ...rows],
  );
}

function manifestsOf(folder, size) {
  const list = largeCluster({ ...size, protocol: 'UDP' });
  const file = join(folder, 'cluster.json');
  writeFileSync(file, JSON.stringify(list));
  return file;
}

/** Rules of one of the nodes. */
function renderTo(folder, manifests, flags) {
  const file = join(folder, 'rules');
  const { stdout } = runProgram([
    process.execPath,
    svcgen,
    'render',
    manifests,
    '--node',
    'node-0',
    ...flags,
  ]);
  writeFileSync(file, stdout);
  return { file, bytes: stdout.length };
}
