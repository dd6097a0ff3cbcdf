// Child process, in a network namespace of its own: how long the kernel takes for all rules, and for what differs.
// usage: unshare --net node load-changes.mjs TOOL RULES MANIFESTS SAVED CHANGES
// MANIFESTS differ from those of RULES; SAVED and CHANGES are written. Prints milliseconds as JSON.

import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROUNDS = 2;
/** Meanwhile the kernel rearranges what was loaded: nft would list some elements twice, and others not. */
const SETTLED_AFTER = 1000;
const svcgen = fileURLToPath(new URL('../bin/svcgen.js', import.meta.url));
const [tool, rules, manifests, saved, changes] = process.argv.slice(2);
const COMMANDS =
  tool === 'nftables'
    ? { load: ['nft', '-f', '-'], change: ['nft', '-f', '-'], save: ['nft', 'list', 'ruleset'] }
    : { load: [`${tool}-restore`], change: [`${tool}-restore`, '--noflush'], save: [`${tool}-save`] };
const mode = tool.replace(/-.*/, '');

function run([program, ...args], { input = '/dev/null', output = '/dev/null' } = {}) {
  const stdin = openSync(input, 'r');
  const stdout = openSync(output, 'w');
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { stdio: [stdin, stdout, 'pipe'] });
  const milliseconds = performance.now() - start;
  closeSync(stdin);
  closeSync(stdout);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stderr}`);
  return milliseconds;
}

const times = { full: [], save: [], svcgen: [], changes: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  times.full.push(run(COMMANDS.load, { input: rules }));
  await setTimeout(SETTLED_AFTER);
  times.save.push(run(COMMANDS.save, { output: saved }));
  times.svcgen.push(
    run([process.execPath, svcgen, 'render', manifests, '--mode', mode, '--current', saved], {
      output: changes,
    }),
  );
  times.changes.push(run(COMMANDS.change, { input: changes }));
}
// Noise only ever adds.
const least = Object.entries(times).map(([name, all]) => [name, Math.min(...all)]);
console.log(JSON.stringify(Object.fromEntries(least)));
