import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { agentCode, bundle } from '../kernel/agent-code.ts';
import type { StartNamespace } from '../kernel/lab.ts';
import { namespaceOf } from '../kernel/namespace.ts';
import { pathWithSbin } from '../kernel/unshare.ts';
import { initScript } from './init-script.ts';
import { type RelayRequest, type RelayResponse, requestFile, responseFile } from './uml-protocol.ts';

/** A kernel of the test's own, which runs as an ordinary program. */
export interface UML {
  readonly startNamespace: StartNamespace;
  /** Ends the kernel and everything in it. */
  stop(): Promise<void>;
}

type Ask = (request: RelayRequest) => Promise<RelayResponse>;

/** A kernel that is not up by then has failed: one takes ten seconds, or two minutes where the machine does much besides. */
const BOOT_MS = 300_000;
const HEARTBEAT_MS = 5000;

/** Boots a User-Mode Linux kernel and waits until it can start namespaces: some seconds. */
export async function startUML(): Promise<UML> {
  const folder = mkdtempSync(join(tmpdir(), 'svcgen-uml-'));
  writeFileSync(join(folder, 'agent.mjs'), agentCode());
  writeFileSync(join(folder, 'relay.mjs'), bundle(new URL('./relay.ts', import.meta.url)));
  writeFileSync(join(folder, 'init.sh'), initScript({ folder, node: realpathSync(process.execPath) }));
  chmodSync(join(folder, 'init.sh'), 0o755);
  const kernel = spawn('linux.uml', kernelArguments(join(folder, 'init.sh')), {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    // The kernel keeps its memory in the one, and notes about itself in the other.
    env: { ...process.env, PATH: pathWithSbin(), TMPDIR: folder, HOME: folder },
  });
  let log = '';
  for (const stream of [kernel.stdout, kernel.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const [, , , input, output] = kernel.stdio;
  if (!(input instanceof Writable) || !(output instanceof Readable)) throw new Error('no serial line');
  for (const stream of [input, output]) stream.on('error', () => undefined);
  const heartbeat = setInterval(() => input.write('\n'), HEARTBEAT_MS);
  const ended = once(kernel, 'exit').then(() => {
    rmSync(folder, { recursive: true, force: true });
    return new Error(`the kernel has ended\n${log}`);
  });
  const stop = async () => {
    clearInterval(heartbeat);
    // The kernel makes itself the leader of a group, which its guest's processes belong to.
    const isAlive = kernel.exitCode === null && kernel.signalCode === null;
    if (isAlive && kernel.pid !== undefined) process.kill(-kernel.pid, 'SIGKILL');
    await ended;
  };
  try {
    const ask = await connect({ folder, input, output, ended });
    return { startNamespace: namespaceStarter(ask), stop };
  } catch (error) {
    await stop();
    throw new Error(`the kernel does not come up: ${String(error)}\n${log}`);
  }
}

/** The second serial line's ends are file descriptors 3 and 4; messages go to standard output. */
function kernelArguments(init: string): readonly string[] {
  return [
    ...['rootfstype=hostfs', 'rootflags=/', 'ro', 'mem=1G', `init=${init}`, 'quiet'],
    ...['con=null', 'con0=null,fd:1', 'ssl=null', 'ssl0=fd:3,fd:4'],
  ];
}

interface SerialLine {
  /** The shared folder. */
  readonly folder: string;
  readonly input: Writable;
  readonly output: Readable;
  /** Resolves when nothing more will come. */
  readonly ended: Promise<Error>;
}

async function connect({ folder, input, output, ended }: SerialLine): Promise<Ask> {
  const fail = ended.then((error) => Promise.reject(error));
  fail.catch(() => undefined);
  const waiting = new Map<number, () => void>();
  const lines = createInterface({ input: output });
  await Promise.race([once(lines, 'line', { signal: AbortSignal.timeout(BOOT_MS) }), fail]);
  lines.on('line', (line) => {
    waiting.get(Number(line))?.();
    waiting.delete(Number(line));
  });
  let lastId = 0;
  return async (request) => {
    const id = ++lastId;
    writeFileSync(join(folder, requestFile(id)), JSON.stringify(request));
    const answered = new Promise<void>((resolve) => waiting.set(id, resolve));
    input.write(`${id}\n`);
    await Promise.race([answered, fail]);
    return JSON.parse(readFileSync(join(folder, responseFile(id)), 'utf8'));
  };
}

function namespaceStarter(ask: Ask): StartNamespace {
  return async (name, sharedWith) => {
    const started = await ask({ kind: 'start', name, sharedWith });
    if (started.kind !== 'started') throw unexpected(started);
    const { pid } = started;
    const namespace = namespaceOf(name, {
      pid,
      ask: async (request) => {
        const answer = await ask({ kind: 'ask', pid, request });
        if (answer.kind !== 'answered') throw unexpected(answer);
        return answer.response;
      },
      stop: async () => {
        await ask({ kind: 'stop', pid });
      },
    });
    await namespace.must(['sh', '-c', 'mount -t tmpfs tmpfs /run && ip link set lo up']);
    return namespace;
  };
}

function unexpected(response: RelayResponse): Error {
  return new Error(response.kind === 'error' ? response.message : `unexpected "${response.kind}"`);
}
