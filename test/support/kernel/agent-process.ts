import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import type { AgentRequest, AgentResponse, Envelope } from './agent-protocol.ts';
import { pathWithSbin, unshareCommand } from './unshare.ts';

/** Programs here come before those of the machine, inside the namespace. It is on the namespace's own /run. */
export const TOOLS_FOLDER = '/run/svcgen-tools';

/** How an agent is talked to, wherever it runs. */
export interface AgentLink {
  /** In the eyes of other agents. */
  readonly pid: number;
  readonly ask: (request: AgentRequest) => Promise<AgentResponse>;
  /** Ends it, and with it the namespace. */
  readonly stop: () => Promise<void>;
}

interface AgentOptions {
  /** For error messages. */
  readonly name: string;
  /** JavaScript text. */
  readonly code: string;
  /** A process whose namespaces are to be connected with this one. */
  readonly sharedWith?: number | undefined;
}

/** Starts an agent in network and mount namespaces of its own. */
export function startAgent({ name, code, sharedWith }: AgentOptions): AgentLink {
  const [program = '', ...args] = [...unshareCommand(sharedWith), process.execPath];
  const child = spawn(program, [...args, '--input-type=module', '-e', code], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${TOOLS_FOLDER}:${pathWithSbin()}`, NODE_OPTIONS: '' },
  });
  return { pid: child.pid ?? 0, ask: askWith(name, child), stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // A server may have started another process while it ended.
  for (let served = servedBy(child.pid ?? 0); served.length > 0; served = servedBy(child.pid ?? 0)) {
    spawnSync('kill', ['-KILL', ...served.map(String)]);
  }
  child.kill('SIGKILL');
  await exit;
}

/** Servers that a script has started in the network of an agent, which would outlive it. */
function servedBy(agent: number): readonly number[] {
  const network = networkOf(agent);
  // One that has not left the machine's own network yet serves nobody.
  if (network === undefined || network === networkOf(process.pid)) return [];
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => pid !== agent && networkOf(pid) === network);
}

/** undefined: the process is gone, or it is not ours to ask. */
function networkOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

function askWith(name: string, child: ChildProcess): AgentLink['ask'] {
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
