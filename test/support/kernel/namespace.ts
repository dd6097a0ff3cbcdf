import { agentCode } from './agent-code.ts';
import { type AgentLink, startAgent } from './agent-process.ts';
import type {
  AgentRequest,
  AgentResponse,
  CommandResult,
  ConnectOptions,
  Listener,
  Outcome,
} from './agent-protocol.ts';

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

/**
 * Starts an agent in a new namespace with its loopback interface up.
 * @param sharedWith a process whose namespaces are to be connected with this one
 */
export async function startNamespace(name: string, sharedWith?: number): Promise<Namespace> {
  const namespace = namespaceOf(name, startAgent({ name, code: agentCode(), sharedWith }));
  await namespace.must(['sh', '-c', 'mount -t tmpfs tmpfs /run && ip link set lo up']);
  return namespace;
}

/** The namespace that an agent lives in, wherever that is. */
export function namespaceOf(name: string, { pid, ask, stop }: AgentLink): Namespace {
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
    pid,
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
    stop,
  };
}

function unexpected(name: string, response: AgentResponse): never {
  throw new Error(`${name}: ${response.kind === 'error' ? response.message : `answered "${response.kind}"`}`);
}
