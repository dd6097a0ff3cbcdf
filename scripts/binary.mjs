// Makes dist/svcgen-<system>-<architecture>: Node.js with svcgen inside, one file that needs no Node.js on the host. It holds what
// dist/cli has: a script for each command, and what V8 has compiled of it.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'postject';

const root = fileURLToPath(new URL('../', import.meta.url));
const scripts = join(root, 'dist/cli');
const target = join(root, `dist/svcgen-${process.platform}-${process.arch}`);
/** Where Node.js looks for it; from its documentation of single executable applications. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Scripts by the names that scripts/binary-main.cjs asks for. */
function assets() {
  const entries = readdirSync(scripts).flatMap((file) => {
    const [, name, isCache] = /^([a-z]+)(?:\.js|-.*(\.cache))$/.exec(file) ?? [];
    if (name === undefined) return [];
    const isOurs = isCache === undefined || file.endsWith(`-${process.version}-${process.arch}.cache`);
    return isOurs ? [[`cli/${name}${isCache ?? '.js'}`, join(scripts, file)]] : [];
  });
  return Object.fromEntries(entries);
}

function makeBlob(folder) {
  const [config, output] = [join(folder, 'config.json'), join(folder, 'blob')];
  const main = join(root, 'scripts/binary-main.cjs');
  const settings = { main, output, assets: assets(), disableExperimentalSEAWarning: true };
  writeFileSync(config, JSON.stringify(settings));
  const { status, error } = spawnSync(process.execPath, ['--experimental-sea-config', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error('node --experimental-sea-config has failed');
  return readFileSync(output);
}

const folder = mkdtempSync(join(tmpdir(), 'svcgen-binary-'));
try {
  const blob = makeBlob(folder);
  const unfinished = join(folder, 'svcgen');
  copyFileSync(process.execPath, unfinished);
  chmodSync(unfinished, 0o755);
  await inject(unfinished, 'NODE_SEA_BLOB', blob, { sentinelFuse: FUSE });
  copyFileSync(unfinished, target);
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`dist/svcgen-${process.platform}-${process.arch}`);
