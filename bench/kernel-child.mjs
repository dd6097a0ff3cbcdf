// Child process, inside network and mount namespaces of its own (`unshare --net --mount`): loads rules into that
// kernel and measures. Prints JSON.
// usage: node kernel-child.mjs load PROGRAM FILE
//        node kernel-child.mjs set-up PROGRAM FILE ADDRESS PORT

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const POLL_MS = 10;
const FLOWS = 40_000;
const ROUNDS = 3;
const RECEIVING_PORT = 8080;
const ENDPOINT = '10.128.0.1';
const newFlows = fileURLToPath(new URL('./new-flows.pl', import.meta.url));

/** How each program takes rules from stdin. */
const ARGUMENTS = { nft: ['-f', '-'] };

/** Loads a file; wall time, and the most memory that the program held at once. */
function load(program, file) {
  const stdin = openSync(file, 'r');
  const start = performance.now();
  const child = spawn(program, ARGUMENTS[program] ?? [], { stdio: [stdin, 'inherit', 'inherit'] });
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, residentBytes(child.pid));
  }, POLL_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      const milliseconds = performance.now() - start;
      clearInterval(timer);
      closeSync(stdin);
      if (code === 0) resolve({ milliseconds, peakBytes });
      else reject(new Error(`${program} exited with ${code}`));
    });
  });
}

/** VmHWM: the peak so far. */
function residentBytes(pid) {
  try {
    return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Microseconds of processor time that the first packet of a flow takes, to an endpoint before rules are there, and to a Service with them. */
async function setUp(program, file, address, port) {
  must('ip', 'link', 'set', 'lo', 'up');
  must('ip', 'address', 'add', '10.0.0.1/32', 'dev', 'lo');
  // Every endpoint of the cluster is this host.
  must('ip', 'route', 'add', 'local', '10.128.0.0/10', 'dev', 'lo');
  must('ip', 'route', 'add', 'default', 'dev', 'lo', 'src', '10.0.0.1');
  // The direct way, too, passes connection tracking and a nat table, if an empty one.
  must('iptables-legacy', '-t', 'nat', '-A', 'OUTPUT', '-m', 'conntrack', '--ctstate', 'INVALID');
  const receiver = spawn('perl', [newFlows, 'receive', String(RECEIVING_PORT)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => receiver.stdout.once('data', resolve));
    const direct = flowMicroseconds(ENDPOINT, RECEIVING_PORT);
    must('iptables-legacy', '-t', 'nat', '-F');
    await load(program, file);
    const toService = flowMicroseconds(address, port);
    return { direct, toService };
  } finally {
    receiver.kill();
  }
}

/** The fastest of some rounds: noise only ever adds. */
function flowMicroseconds(address, port) {
  const times = Array.from({ length: ROUNDS }, () => {
    must('conntrack', '--flush');
    return (Number(must('perl', newFlows, address, String(port), String(FLOWS))) / FLOWS) * 1e6;
  });
  return Math.min(...times);
}

function must(program, ...args) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stderr}`);
  return stdout;
}

const [what, program, file, ...rest] = process.argv.slice(2);
const result = what === 'load' ? await load(program, file) : await setUp(program, file, ...rest);
console.log(JSON.stringify(result));
