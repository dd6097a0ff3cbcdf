// Cases about 2,000 Services, ten each: what svcgen test takes, against parsing what it reads: the Services with their endpoints
// and nodes, and the cases, each by the reader that svcgen test uses, in processes of their own that have nothing else to do.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { largeCluster, nodesOf } from './large-cluster.mjs';
import { interleave, ms, printTable, ratio, runProgram } from './measure.mjs';

const SIZE = { services: 2_000, endpoints: 10 };
const NODES = 3;
const ROUNDS = 3;
const bench = fileURLToPath(new URL('./', import.meta.url));
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));

export function benchExpectations(folder) {
  const manifests = join(folder, 'services.json');
  const cases = join(folder, 'services.traffic.yaml');
  const list = largeCluster(SIZE);
  for (const item of list.items) moveEndpoints(item);
  writeFileSync(
    manifests,
    JSON.stringify({ ...list, items: [...list.items, ...nodesOf(NODES)] }, undefined, 4),
  );
  const services = list.items.filter(({ kind }) => kind === 'Service');
  writeFileSync(
    cases,
    ['settings: { clusterCIDR: 10.128.0.0/9 }\ncases:\n', ...services.flatMap(casesOf)].join(''),
  );
  const parsing = { 'parsing the Services': manifests, 'parsing the cases': cases };
  const wanted = 'svcgen test, with its start';
  const times = interleave(
    {
      ...Object.fromEntries(Object.entries(parsing).map(([name, file]) => [name, () => parse(file)])),
      [wanted]: () =>
        runProgram([process.execPath, svcgen, 'test', manifests, '--no-project', '--expect', cases])
          .milliseconds,
    },
    ROUNDS,
  );
  const yardstick = Object.keys(parsing).reduce((sum, name) => sum + times[name], 0);
  printTable(
    `test of ${SIZE.services} services x 10 cases (median of ${ROUNDS}; aim: below 3 x)`,
    Object.entries({ ...times, 'parsing both': yardstick, [wanted]: times[wanted] }).map(([name, time]) => [
      name,
      ms(time),
      ratio(time, yardstick),
    ]),
  );
}

/** Milliseconds that one file takes. */
function parse(file) {
  const { stdout } = runProgram([process.execPath, `${bench}parse-file.mjs`, file]);
  return JSON.parse(stdout);
}

/** Cases are about every node that is named. */
function moveEndpoints({ endpoints = [] }) {
  for (const [index, endpoint] of endpoints.entries()) endpoint.nodeName = `node-${index % NODES}`;
}

/** What somebody may want to know of a Service, from within and from outside. */
function casesOf({ metadata: { namespace, name }, spec: { clusterIP } }) {
  const to = `${namespace}/${name}:http`;
  const everybody = `{ reaches: { count: ${SIZE.endpoints}, evenly: true } }`;
  const cases = [
    { from: 'node', to, expect: everybody },
    ...Array.from({ length: NODES }, (_, node) => ({ from: `node node-${node}`, to, expect: everybody })),
    { from: 'outside', to, expect: '{ unreachable: no-address }' },
    { from: '203.0.113.7', to: `clusterIP of ${to}`, expect: everybody },
    { from: '10.200.0.7', to: `${clusterIP}:80`, at: 'node-0', expect: '{ reaches: {}, source: kept }' },
    { from: '10.200.0.7', to: `${clusterIP}:81`, at: 'node-1', expect: '{ unreachable: no-rule }' },
    { from: '10.200.0.7', to: `each port of ${namespace}/${name}`, at: 'node-0', expect: '{ only: [http] }' },
    { from: '10.200.0.7', to, at: 'node-2', expect: 'reaches' },
  ];
  return cases.map(({ from, to: target, at = 'each node', expect }, index) =>
    [
      `  - name: ${to} ${index}\n`,
      `    from: ${from}\n`,
      `    to: ${target}\n`,
      `    at: ${at}\n`,
      `    expect: ${expect}\n`,
    ].join(''),
  );
}
