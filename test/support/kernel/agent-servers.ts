import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIPv6, type Socket } from 'node:net';
import { joinHostPort } from '../../../src/model/ip.ts';
import type { Listener } from './agent-protocol.ts';

/**
 * Starts servers that tell every client which address it has reached and which address it comes from:
 * `server client` and a line break. TCP servers echo whatever the client sends after that.
 */
export async function listen(listeners: readonly Listener[]): Promise<void> {
  await Promise.all(
    listeners.map((listener) => (listener.protocol === 'tcp' ? listenTCP(listener) : listenUDP(listener))),
  );
}

async function listenTCP({ address, port }: Listener): Promise<void> {
  const hostPort = joinHostPort(address, port);
  const server = createServer((socket: Socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(`${hostPort} ${socket.remoteAddress ?? '?'}\n`);
    socket.pipe(socket);
  });
  server.listen({ host: address, port, backlog: 1024 });
  await once(server, 'listening');
}

async function listenUDP({ address, port }: Listener): Promise<void> {
  const hostPort = joinHostPort(address, port);
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  socket.on('message', (_, client) => {
    socket.send(`${hostPort} ${client.address}\n`, client.port, client.address);
  });
  socket.bind({ address, port });
  await once(socket, 'listening');
}
