import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { connectAll, openTCP } from './agent-clients.ts';
import type {
  AgentRequest,
  AgentResponse,
  CommandResult,
  ConnectOptions,
  Envelope,
} from './agent-protocol.ts';
import { listen } from './agent-servers.ts';

/**
 * The program that runs inside a network namespace. The namespace lives as long as this process, and this process
 * ends when the test that started it does: however a test run ends, it leaves nothing behind.
 */

const held = new Map<string, Socket>();

async function answer(request: AgentRequest): Promise<AgentResponse> {
  switch (request.kind) {
    case 'sysctl':
      for (const [name, value] of request.values) writeFileSync(`/proc/sys/${name}`, value);
      return { kind: 'done' };
    case 'run':
      return { kind: 'ran', result: await run(request.command, request.input) };
    case 'listen':
      await listen(request.listeners);
      return { kind: 'done' };
    case 'connect':
      return { kind: 'connected', outcomes: await connectAll(request.options) };
    case 'hold':
      return hold(request.name, request.options);
    case 'echo':
      return { kind: 'echoed', isAlive: await echo(request.name, request.patience) };
  }
}

function run(command: readonly string[], input: string): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ exitCode: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), ...output });
    });
    // A program may end without reading all of its input: its exit code says whether that is bad.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

async function hold(name: string, options: ConnectOptions): Promise<AgentResponse> {
  const { socket, outcome } = await openTCP(options, options.from[0]);
  socket.on('error', () => socket.destroy());
  held.set(name, socket);
  return { kind: 'connected', outcomes: [outcome] };
}

function echo(name: string, patience: number): Promise<boolean> {
  const socket = held.get(name);
  if (socket === undefined || socket.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patience);
    socket.once('data', () => {
      clearTimeout(timer);
      resolve(true);
    });
    socket.write('ping\n');
  });
}

function reply(id: number, body: AgentResponse): void {
  process.send?.({ id, body } satisfies Envelope<AgentResponse>);
}

process.on('disconnect', () => process.exit());
process.on('message', ({ id, body }: Envelope<AgentRequest>) => {
  answer(body).then(
    (response) => reply(id, response),
    (error: unknown) => reply(id, { kind: 'error', message: String(error) }),
  );
});
