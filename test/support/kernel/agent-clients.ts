import { createSocket } from 'node:dgram';
import { connect as connectTCP, isIPv6, type Socket } from 'node:net';
import type { ConnectOptions, Outcome } from './agent-protocol.ts';

const CONCURRENCY = 24;

/** Makes `count` connections, some at a time; outcomes are in the order of the source addresses' turns. */
export async function connectAll(options: ConnectOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async () => {
    while (next < options.count) {
      const index = next++;
      outcomes[index] = await connectOnce(options, options.from[index % options.from.length]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, options.count) }, worker));
  return outcomes;
}

function connectOnce(options: ConnectOptions, from: string | undefined): Promise<Outcome> {
  return options.protocol === 'tcp' ? connectOnceTCP(options, from) : exchangeUDP(options, from);
}

async function connectOnceTCP(options: ConnectOptions, from: string | undefined): Promise<Outcome> {
  const { socket, outcome } = await openTCP(options, from);
  socket.destroy();
  return outcome;
}

/** Connects and reads the server's greeting. */
export function openTCP(
  { to, port, patience }: ConnectOptions,
  from: string | undefined,
): Promise<{ socket: Socket; outcome: Outcome }> {
  return new Promise((resolve) => {
    const socket = connectTCP({ host: to, port, ...(from === undefined ? {} : { localAddress: from }) });
    const timer = setTimeout(() => settle({ kind: 'silent' }), patience);
    let greeting = '';
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve({ socket, outcome });
    };
    socket.on('data', (chunk) => {
      greeting += chunk.toString('latin1');
      if (greeting.endsWith('\n')) settle(readGreeting(greeting));
    });
    socket.on('error', (error) => settle(outcomeOfError(error)));
  });
}

function exchangeUDP(
  { to, port, patience, fromPort = 0 }: ConnectOptions,
  from: string | undefined,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(to) ? 'udp6' : 'udp4');
    const timer = setTimeout(() => settle({ kind: 'silent' }), patience);
    const settle = (outcome: Outcome) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.close();
      resolve(outcome);
    };
    socket.on('message', (message) => settle(readGreeting(message.toString('latin1'))));
    socket.on('error', (error) => settle(outcomeOfError(error)));
    socket.bind({ port: fromPort, ...(from === undefined ? {} : { address: from }) }, () => {
      // Without a way to the address this fails at once, and only here.
      socket.connect(port, to, (error?: Error) => {
        if (error === undefined) socket.send('?');
        else settle(outcomeOfError(error));
      });
    });
  });
}

function readGreeting(line: string): Outcome {
  const [server = '', client = ''] = line.trim().split(' ');
  return { kind: 'answered', server, client };
}

function outcomeOfError(error: NodeJS.ErrnoException): Outcome {
  switch (error.code) {
    case 'ECONNREFUSED':
      return { kind: 'refused' };
    case 'ECONNRESET':
      return { kind: 'reset' };
    case 'ETIMEDOUT':
      return { kind: 'silent' };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EACCES':
      return { kind: 'unreachable' };
    default:
      return { kind: 'failed', error: error.message };
  }
}
