// Child process, inside network and mount namespaces of its own: runs nginx there, and sends requests through it, or through
// rules. Prints JSON.
// usage: node userspace-child.mjs load CONFIGURATION
//        node userspace-child.mjs requests ADDRESS PORT RULES CONFIGURATION      (- for none)

import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { performance } from 'node:perf_hooks';

const CLIENTS = 32;
const SECONDS = 2;

/** What answers in place of all pods. */
const SERVER = `pid /run/server.pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000;
    client_body_temp_path /run/server; proxy_temp_path /run/server; fastcgi_temp_path /run/server;
    scgi_temp_path /run/server; uwsgi_temp_path /run/server;
    server { listen 8080; return 200 "hello"; }
}
`;

function must(program, args, stdin = 'ignore') {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(program, args, { stdio: [stdin, 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stderr}`);
  return performance.now() - start;
}

async function load(configuration) {
  const test = must('nginx', ['-t', '-q', '-c', configuration]);
  const start = startNginx(configuration);
  const bytes = memoryOf('/run/svcgen/nginx.pid');
  await pause(500);
  const before = processesOf('/run/svcgen/nginx.pid');
  const since = performance.now();
  process.kill(before[0], 'SIGHUP');
  while (processesOf('/run/svcgen/nginx.pid').every((pid) => before.includes(pid))) await pause(5);
  const reload = performance.now() - since;
  process.kill(before[0], 'SIGTERM');
  return { test, start, reload, bytes };
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Its children keep stderr. */
function startNginx(configuration) {
  const start = performance.now();
  const log = openSync('/run/error.log', 'a');
  const { status } = spawnSync('nginx', ['-c', configuration], { stdio: ['ignore', log, log] });
  closeSync(log);
  if (status !== 0) throw new Error(readFileSync('/run/error.log', 'utf8'));
  return performance.now() - start;
}

/** The master, then its workers. */
function processesOf(file) {
  const pid = Number(readFileSync(file, 'utf8'));
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...children.split(' ').filter(Boolean).map(Number)];
}

/** Pss shares pages out among those that have them. */
function memoryOf(file) {
  const kilobytes = processesOf(file).map((pid) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]);
  });
  return 1024 * kilobytes.reduce((sum, each) => sum + each, 0);
}

async function requests(address, port, rules, configuration) {
  must('ip', ['link', 'set', 'lo', 'up']);
  must('ip', ['address', 'add', '10.0.0.1/32', 'dev', 'lo']);
  // Every endpoint of the cluster is this host.
  must('ip', ['route', 'add', 'local', '10.128.0.0/10', 'dev', 'lo']);
  must('ip', ['route', 'add', 'default', 'dev', 'lo', 'src', '10.0.0.1']);
  for (const [name, value] of [
    ['ip_local_port_range', '30000 65535'],
    ['tcp_tw_reuse', '1'],
  ])
    writeFileSync(`/proc/sys/net/ipv4/${name}`, value);
  writeFileSync('/run/server.conf', SERVER);
  startNginx('/run/server.conf');
  if (configuration !== '-') startNginx(configuration);
  if (rules !== '-') must('iptables-legacy-restore', [], openSync(rules, 'r'));
  try {
    const fresh = await requestsPerSecond(address, port, false);
    const kept = await requestsPerSecond(address, port, true);
    return { fresh, kept };
  } finally {
    for (const file of ['/run/server.pid', ...(configuration === '-' ? [] : ['/run/svcgen/nginx.pid'])])
      process.kill(Number(readFileSync(file, 'utf8')), 'SIGTERM');
  }
}

async function requestsPerSecond(host, port, keepAlive) {
  const agent = new Agent({ keepAlive, maxSockets: CLIENTS });
  const end = performance.now() + SECONDS * 1000;
  let answered = 0;
  const client = async () => {
    while (performance.now() < end) {
      await ask({ host, port, agent });
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
  return answered / SECONDS;
}

function ask(options) {
  return new Promise((resolve, reject) => {
    get(options, (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

mkdirSync('/run/svcgen');
const [what, ...args] = process.argv.slice(2);
console.log(JSON.stringify(what === 'load' ? await load(...args) : await requests(...args)));
