// npm run bench [-- NAME...]: what svcgen costs, always beside a yardstick measured in the same run.
// Everything is made in a temporary folder. Machines are noisy: the ratios count, not the milliseconds.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchCurrent } from './current-bench.mjs';
import { benchDiff } from './diff-bench.mjs';
import { benchDiscovery } from './discovery.mjs';
import { benchDumps } from './dumps-bench.mjs';
import { benchEveryNode } from './every-node-bench.mjs';
import { benchExpectations } from './expectations-bench.mjs';
import { benchLoading, benchSetUp } from './kernel-bench.mjs';
import { benchLargeCluster } from './large-cluster-bench.mjs';
import { benchPage } from './page-bench.mjs';
import { benchStartUp } from './start-up-bench.mjs';
import { benchUserspace } from './userspace-bench.mjs';
import { benchValidate } from './validate-bench.mjs';

/** What runs, and about how many seconds it takes on two cores that do nothing else. */
const BENCHES = {
  'start-up': { run: benchStartUp, seconds: 40, about: 'each command on a small input' },
  'large-cluster': { run: benchLargeCluster, seconds: 120, about: '10,000 Services x 10 from JSON and YAML' },
  validate: { run: benchValidate, seconds: 20, about: '2,000 small files, and repositories of others' },
  discovery: { run: benchDiscovery, seconds: 40, about: 'endpoints, env and dns of many pods and Services' },
  diff: { run: benchDiff, seconds: 15, about: 'two clusters of 2,000 Services' },
  dumps: { run: benchDumps, seconds: 30, about: 'what a node printed' },
  expectations: { run: benchExpectations, seconds: 10, about: '2,000 Services x 10 cases' },
  current: { run: benchCurrent, seconds: 100, about: 'one endpoint of 10,000 Services, in the kernel' },
  loading: { run: benchLoading, seconds: 150, about: 'rules of 5,000 Services x 50, in the kernel' },
  'set-up': { run: benchSetUp, seconds: 80, about: 'new connections, in the kernel' },
  'every-node': { run: benchEveryNode, seconds: 50, about: 'ten nodes, and two parts of 1,000' },
  userspace: { run: benchUserspace, seconds: 60, about: 'nginx, in the kernel' },
  page: { run: benchPage, seconds: 60, about: 'the page in Chromium' },
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'svcgen-bench-'));
try {
  for (const name of names) {
    const { run, seconds, about } = BENCHES[name];
    console.error(`\n${name}: ${about}, about ${seconds} s`);
    await run(folder);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
