// One Service with many pods, and many Services: endpoints, env and dns, whole runs. Time must grow with the input.

import { closeSync, openSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster } from './large-cluster.mjs';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const POD_COUNTS = [1_050, 10_000, 100_000];
const SERVICES = 10_000;
const ROUNDS = 3;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchDiscovery(folder) {
  benchPods(folder);
  benchServices(folder);
}

function benchPods(folder) {
  const rows = POD_COUNTS.flatMap((count) => {
    const file = join(folder, `pods-${count}.json`);
    writeFileSync(file, JSON.stringify(headlessService(count)));
    return measure(folder, file, {
      endpoints: ['endpoints', '--output', 'json'],
      dns: ['dns'],
    }).map((cells) => [`${count} pods`, ...cells]);
  });
  printTable(`one headless Service (median of ${ROUNDS})`, [
    ['input', 'command', 'time', 'against', 'ratio'],
    ...rows,
  ]);
}

function benchServices(folder) {
  const file = join(folder, 'services.json');
  writeFileSync(file, JSON.stringify(largeCluster({ services: SERVICES, endpoints: 10 })));
  const rows = measure(folder, file, {
    env: ['env', '--namespace', 'team-7'],
    dns: ['dns'],
    hosts: ['dns', '--output', 'hosts'],
  });
  printTable(`${SERVICES} Services x 10 endpoints (median of ${ROUNDS})`, [
    ['command', 'time', 'against', 'ratio'],
    ...rows,
  ]);
}

/** Each command against reading the JSON and writing as much text as the command did. */
function measure(folder, file, commands) {
  return Object.entries(commands).map(([name, [command, ...flags]]) => {
    const run = [process.execPath, svcgen, command, file, ...flags];
    toFile(run, folder);
    const bytes = statSync(join(folder, 'output')).size;
    const yardstick = [process.execPath, `${bench}parse-and-write.mjs`, file, String(bytes)];
    const times = interleave(
      { run: () => toFile(run, folder), yardstick: () => toFile(yardstick, folder) },
      ROUNDS,
    );
    return [name, ms(times.run), ms(times.yardstick), ratio(times.run, times.yardstick)];
  });
}

function toFile(command, folder) {
  const stdout = openSync(join(folder, 'output'), 'w');
  try {
    return runProgram(command, { stdout }).milliseconds;
  } finally {
    closeSync(stdout);
  }
}

function headlessService(count) {
  const metadata = { name: 'db', namespace: 'default' };
  const ports = [{ name: 'pg', port: 5432, targetPort: 'pg' }];
  const spec = {
    clusterIP: 'None',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    selector: { app: 'db' },
    ports,
  };
  const service = { apiVersion: 'v1', kind: 'Service', metadata, spec };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [service, ...Array.from({ length: count }, (_, index) => pod(index))],
  };
}

function pod(index) {
  const ip = `10.${128 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
  const name = `db-${index}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: `uid-${index}`, labels: { app: 'db' } },
    spec: {
      nodeName: `node-${index % 500}`,
      hostname: name,
      subdomain: 'db',
      containers: [{ name: 'main', image: 'db:1', ports: [{ name: 'pg', containerPort: 5432 }] }],
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}
