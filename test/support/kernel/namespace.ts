import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type {
  AgentRequest,
  AgentResponse,
  CommandResult,
  ConnectOptions,
  Envelope,
  Listener,
  Outcome,
} from './agent-protocol.ts';
import { pathWithSbin, unshareCommand } from './kernel-support.ts';

/** A network namespace and the agent process that keeps it alive; /run in it is its own too (locks, tools). */
export interface Namespace {
  readonly name: string;
  readonly pid: number;
  run(command: readonly string[], input?: string): Promise<CommandResult>;
  /** Like `run`, for commands that have to work. @returns stdout @throws when the exit code is not 0 */
  must(command: readonly string[], input?: string): Promise<string>;
  sysctl(values: readonly (readonly [string, string])[]): Promise<void>;
  listen(listeners: readonly Listener[]): Promise<void>;
  connect(options: ConnectOptions): Promise<readonly Outcome[]>;
  /** Opens a TCP connection that stays open, for `isHeldAlive`. */
  hold(name: string, options: ConnectOptions): Promise<Outcome>;
  isHeldAlive(name: string, patience: number): Promise<boolean>;
  /** Ends the namespace and everything in it. */
  stop(): Promise<void>;
}

/** Programs here come before those of the machine, inside the namespace. It is on the namespace's own /run. */
export const TOOLS_FOLDER = '/run/svcgen-tools';

type Ask = (request: AgentRequest) => Promise<AgentResponse>;

/**
 * Starts an agent in a new namespace with its loopback interface up.
 * @param sharedWith a process whose namespaces are to be connected with this one
 */
export async function startNamespace(name: string, sharedWith?: number): Promise<Namespace> {
  const [program = '', ...args] = [...unshareCommand(sharedWith), process.execPath];
  const child = spawn(program, [...args, '--input-type=module', '-e', agentCode()], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${TOOLS_FOLDER}:${pathWithSbin()}`, NODE_OPTIONS: '' },
  });
  const ask = askWith(name, child);
  const namespace = toNamespace(name, child, ask);
  await namespace.must(['sh', '-c', 'mount -t tmpfs tmpfs /run && ip link set lo up']);
  return namespace;
}

let bundledAgent: string | undefined;

/** The agent and what it imports as one JavaScript text, so that it runs without a file on disk. */
function agentCode(): string {
  bundledAgent ??= buildSync({
    entryPoints: [fileURLToPath(new URL('./agent.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  }).outputFiles[0]?.text;
  return bundledAgent ?? '';
}

function askWith(name: string, child: ChildProcess): Ask {
  const waiting = new Map<
    number,
    { resolve: (response: AgentResponse) => void; reject: (e: Error) => void }
  >();
  let lastId = 0;
  child.on('message', ({ id, body }: Envelope<AgentResponse>) => {
    waiting.get(id)?.resolve(body);
    waiting.delete(id);
  });
  child.on('exit', (code, signal) => {
    const error = new Error(`the agent of namespace ${name} has ended (${signal ?? code})`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return (body) =>
    new Promise((resolve, reject) => {
      const id = ++lastId;
      waiting.set(id, { resolve, reject });
      child.send({ id, body } satisfies Envelope<AgentRequest>, (error) => {
        if (error !== null) reject(error);
      });
    });
}

function toNamespace(name: string, child: ChildProcess, ask: Ask): Namespace {
  const run = async (command: readonly string[], input = '') => {
    const response = await ask({ kind: 'run', command, input });
    return response.kind === 'ran' ? response.result : unexpected(name, response);
  };
  const connected = async (request: AgentRequest) => {
    const response = await ask(request);
    return response.kind === 'connected' ? response.outcomes : unexpected(name, response);
  };
  const done = async (request: AgentRequest) => {
    const response = await ask(request);
    if (response.kind !== 'done') unexpected(name, response);
  };
  return {
    name,
    pid: child.pid ?? 0,
    run,
    must: async (command, input) => {
      const { exitCode, stdout, stderr } = await run(command, input);
      if (exitCode === 0) return stdout;
      throw new Error(`${name}: ${command.join(' ')} exited with ${exitCode}\n${stderr}${stdout}`);
    },
    sysctl: (values) => done({ kind: 'sysctl', values }),
    listen: (listeners) => done({ kind: 'listen', listeners }),
    connect: (options) => connected({ kind: 'connect', options }),
    hold: async (handle, options) => {
      const [outcome] = await connected({ kind: 'hold', name: handle, options });
      return outcome ?? { kind: 'failed', error: 'no outcome' };
    },
    isHeldAlive: async (handle, patience) => {
      const response = await ask({ kind: 'echo', name: handle, patience });
      return response.kind === 'echoed' ? response.isAlive : unexpected(name, response);
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

function unexpected(name: string, response: AgentResponse): never {
  throw new Error(`${name}: ${response.kind === 'error' ? response.message : `answered "${response.kind}"`}`);
}
