import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Debian: bind9, bind9-utils, bind9-dnsutils. */
const TOOLS = { server: 'named', check: 'named-checkzone', client: 'dig' };
const START_TIMEOUT_MS = 20_000;
const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const ENV = { ...process.env, PATH };

/** A zone's name and master file. */
export interface ZoneText {
  readonly origin: string;
  readonly text: string;
}

interface Answer {
  /** NOERROR, NXDOMAIN, … */
  readonly status: string;
  /** `name. ttl IN TYPE data`, single spaces, sorted. */
  readonly answer: readonly string[];
  readonly additional: readonly string[];
}

export interface NameServer {
  ask(name: string, type: string): Answer;
  stop(): Promise<void>;
}

/** `describe` for tests that need BIND: without it they are skipped and say so; SVCGEN_KERNEL=required: they fail. */
export function describeNameServer(name: string, body: () => void): void {
  const look = spawnSync(
    'sh',
    ['-c', 'for t; do command -v $t > /dev/null || echo $t; done', 'sh', ...Object.values(TOOLS)],
    {
      encoding: 'utf8',
      env: ENV,
    },
  );
  const missing = look.stdout.split('\n').filter(Boolean).join(' ');
  if (missing === '') {
    describe(name, body);
    return;
  }
  if (process.env.SVCGEN_KERNEL === 'required')
    throw new Error(`name server tests cannot run without ${missing}`);
  console.error(`SKIPPED name server tests of "${name}": these programs are missing: ${missing}`);
  describe.skip(`${name} (skipped: no ${missing})`, body);
}

/** What `named-checkzone` says of a zone; throws when it would not load. */
export function checkZone({ origin, text }: ZoneText): string {
  const { status, stdout, stderr } = spawnSync(TOOLS.check, ['-k', 'fail', '-n', 'fail', origin, '-'], {
    input: text,
    encoding: 'utf8',
    env: ENV,
  });
  if (status !== 0) throw new Error(`${origin} does not load: ${stdout}${stderr}`);
  return stdout;
}

/** Starts BIND on a free port of 127.0.0.1 with these zones and nothing else; it needs no rights and must be stopped. */
export async function startNameServer(zones: readonly ZoneText[]): Promise<NameServer> {
  const folder = mkdtempSync(join(tmpdir(), 'svcgen-named-'));
  const port = await freePort();
  zones.forEach(({ text }, index) => {
    writeFileSync(join(folder, `${index}.zone`), text);
  });
  writeFileSync(join(folder, 'named.conf'), configuration(folder, port, zones));
  // A copy, since AppArmor lets the installed one read its own folders only.
  const program = execFileSync('sh', ['-c', 'command -v "$1"', 'sh', TOOLS.server], {
    encoding: 'utf8',
    env: ENV,
  }).trim();
  copyFileSync(program, join(folder, 'named'));
  const child = spawn(join(folder, 'named'), ['-g', '-n', '1', '-c', join(folder, 'named.conf')], {
    env: ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => stopServer(child, folder);
  try {
    await untilRunning(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ask: (name, type) => ask(port, name, type), stop };
}

function configuration(folder: string, port: number, zones: readonly ZoneText[]): string {
  const options = [
    `directory "${folder}";`,
    `managed-keys-directory "${folder}";`,
    `pid-file "${folder}/named.pid";`,
    `session-keyfile "${folder}/session.key";`,
    `listen-on port ${port} { 127.0.0.1; };`,
    'listen-on-v6 { none; };',
    'recursion no;',
    'dnssec-validation no;',
    'notify no;',
  ];
  const lists = zones.map(
    ({ origin }, index) => `zone "${origin}" { type primary; check-names fail; file "${index}.zone"; };`,
  );
  return ['controls { };', `options { ${options.join(' ')} };`, ...lists, ''].join('\n');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function untilRunning(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(
      () => reject(new Error(`named did not start in time: ${log}`)),
      START_TIMEOUT_MS,
    );
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (!/ running\n/.test(log)) return;
      clearTimeout(timer);
      resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`named ended: ${log}`)));
  });
}

async function stopServer(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

function ask(port: number, name: string, type: string): Answer {
  const args = ['@127.0.0.1', '-p', String(port), '+norecurse', '+noedns', '+tries=2', name, type];
  const output = execFileSync(TOOLS.client, args, { encoding: 'utf8', env: ENV });
  return {
    status: /status: (\w+)/.exec(output)?.[1] ?? 'none',
    answer: section(output, 'ANSWER'),
    additional: section(output, 'ADDITIONAL'),
  };
}

function section(output: string, name: string): readonly string[] {
  const lines = output.split(`;; ${name} SECTION:\n`)[1]?.split('\n\n')[0]?.split('\n') ?? [];
  return lines
    .filter((line) => line !== '')
    .map((line) => line.replace(/\s+/g, ' '))
    .sort();
}
