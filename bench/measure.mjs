// Measuring: always several runs of each candidate, interleaved, so that a noisy moment hits all of them.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const MAX_OUTPUT_BYTES = 1024 * 1024 * 1024;

/**
 * Certificates that this variable names are read by Node.js 20 before it begins, needed or not: that takes twice as long
 * as all else that it does first, and would make every ratio to `node -e 0` look good.
 */
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Runs a program to its end and throws when it does not end as expected, which may be several codes. Milliseconds of wall time, and its stdout. */
export function runProgram([program, ...args], { stdout = 'pipe', expected = 0 } = {}) {
  const start = performance.now();
  const run = spawnSync(program, args, {
    env: ENVIRONMENT,
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', stdout, 'pipe'],
  });
  const milliseconds = performance.now() - start;
  if (![expected].flat().includes(run.status))
    throw new Error(`${program} ${args.join(' ')}: ${run.error ?? run.stderr}`);
  return { milliseconds, stdout: run.stdout };
}

const usage = fileURLToPath(new URL('./usage.cjs', import.meta.url));

/**
 * Runs a program of Node.js, and also tells the processor time that all of its threads took, in milliseconds, and its memory: of
 * a machine that does other things too, they say more than wall time.
 */
export async function runNode(args, { stdout = 'ignore' } = {}) {
  const start = performance.now();
  const stdio = ['ignore', stdout, 'inherit', 'pipe'];
  const child = spawn(process.execPath, ['--require', usage, ...args], { stdio });
  let told = '';
  child.stdio[3].on('data', (data) => {
    told += data;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`node ${args.join(' ')}: exit ${code}`);
  return { milliseconds: performance.now() - start, ...JSON.parse(told) };
}

/** Runs a script of ours in network and mount namespaces of its own, and reads the JSON that it prints. A tmpfs on /run: iptables-legacy keeps a lock there. */
export function inNamespaces(script, ...args) {
  const root = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const command = 'mount -t tmpfs tmpfs /run && exec "$@"';
  const inside = ['sh', '-c', command, 'sh', process.execPath, script, ...args];
  const { stdout } = runProgram(['unshare', '--net', '--mount', ...root, ...inside]);
  return JSON.parse(stdout);
}

/** Runs each candidate `rounds` times in turn: all that they answer, by candidate. */
export function collect(candidates, rounds) {
  const results = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, candidate] of Object.entries(candidates)) results[name].push(candidate());
  }
  return results;
}

/** The same where they take their time: one after the other. */
export async function collectInTurn(candidates, rounds) {
  const results = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, candidate] of Object.entries(candidates)) results[name].push(await candidate());
  }
  return results;
}

/** Runs each candidate `rounds` times in turn. A candidate returns milliseconds; the answer is their medians. */
export function interleave(candidates, rounds) {
  const results = collect(candidates, rounds);
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, median(values)]));
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** The median, and in parentheses the least and the most of some numbers. */
export function spread(values, format) {
  return `${format(median(values))} (${format(Math.min(...values))} - ${format(Math.max(...values))})`;
}

/** Prints lines of aligned columns below a headline. */
export function printTable(headline, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  console.log(`\n${headline}`);
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? String(cell).padEnd(widths[0]) : String(cell).padStart(widths[column]),
    );
    console.log(`  ${cells.join('  ')}`);
  }
}

export function ms(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}

export function ratio(value, base) {
  return `${(value / base).toFixed(2)} x`;
}

export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
