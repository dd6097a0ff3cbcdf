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

const BENCHES = {
  'start-up': benchStartUp,
  'large-cluster': benchLargeCluster,
  validate: benchValidate,
  discovery: benchDiscovery,
  diff: benchDiff,
  dumps: benchDumps,
  expectations: benchExpectations,
  current: benchCurrent,
  loading: benchLoading,
  'set-up': benchSetUp,
  'every-node': benchEveryNode,
  userspace: benchUserspace,
  page: benchPage,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'svcgen-bench-'));
try {
  for (const name of names) await BENCHES[name](folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
