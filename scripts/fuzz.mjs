// usage: node scripts/fuzz.mjs [all|dumps|FORMAT,...] [INPUTS] [SEED]
// Mutates what svcgen reads (manifests, rules of nodes, lock files, configurations) and reads it in this process. Each input
// has a seed, and the seed of one that shows a bug, or takes too long or too much memory, is printed: put it into
// test/support/fuzz/seeds.ts, which the tests read again. `node scripts/fuzz.mjs FORMAT 1 SEED` makes one input again.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { importTypeScript } from './import-typescript.mjs';

/** A batch that takes more time of the processor has no end: on a busy machine a clock says nothing. */
const PATIENCE_MS = 120_000;
const BATCH = 20;

const [wanted = 'all', inputs = '10000', seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
// What is mutated is found from the root of the repository, and what shows a bug is left where the run began.
const startedIn = process.cwd();
process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const { fuzz, fuzzedFormats } = await importTypeScript('test/support/fuzz/fuzz.ts');
const formats = fuzzedFormats[wanted] ?? wanted.split(',');

const watch = watchDog();
let done = 0;
for (; done < Number(inputs); done += BATCH) {
  for (const format of formats) {
    const count = Math.min(BATCH, Number(inputs) - done);
    watch.postMessage(`${format} ${Number(seed) + done}`);
    const finding = fuzz(format, count, Number(seed) + done);
    if (finding !== undefined) fail(finding);
  }
  if (done % (10 * BATCH) === 0 && done > 0) console.log(`${done} inputs each, no bug so far`);
}
console.log(`${formats.join(', ')}: ${inputs} inputs each from seed ${seed}, and no bug`);
process.exit(0);

function fail({ format, seed: found, problem, text }) {
  const path = join(startedIn, `fuzz-${format}-${found}.txt`);
  writeFileSync(path, text);
  console.error(`${format} ${found} (${path}): ${problem}`);
  process.exit(1);
}

/** Ends this process when a batch takes for ever, and says which. */
function watchDog() {
  const code = `
    const { parentPort } = require('node:worker_threads');
    let [batch, start] = ['', process.cpuUsage()];
    parentPort.on('message', (next) => {
      [batch, start] = [next, process.cpuUsage()];
    });
    setInterval(() => {
      const { user, system } = process.cpuUsage(start);
      if ((user + system) / 1000 < ${PATIENCE_MS}) return;
      require('node:fs').writeSync(2, 'no end in sight among ${BATCH} inputs from: ' + batch + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, 1000);`;
  return new Worker(code, { eval: true });
}
