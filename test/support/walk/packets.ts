import type { Host } from '../../../src/lang/packet/host.ts';
import { lowerCaseProtocol } from '../../../src/lang/packet/l4-protocol.ts';
import { NO_INTERFACE, type Packet, UNKNOWN_INTERFACE } from '../../../src/lang/packet/packet.ts';
import type { NodeState, ServicePort } from '../../../src/model/node-state.ts';
import type { Network } from './arbitrary-node.ts';

/** A node with the addresses of a network. */
export function hostOf({ nodeIPs, family }: Network): Host {
  const loopback = family === 'IPv4' ? '127.0.0.1' : '::1';
  return { localAddresses: new Set([...nodeIPs, loopback]), sets: new Map(), virtualServers: [] };
}

/** Everybody who may try, at every place that could answer, and at ports next to those. */
export function* packets(state: NodeState, network: Network): Generator<Packet> {
  const own = [...hostOf(network).localAddresses];
  for (const servicePort of state.servicePorts) {
    const { clusterIP, externalIPs, loadBalancerIPs, port, nodePort } = servicePort;
    for (const ip of [clusterIP, ...externalIPs, ...loadBalancerIPs]) {
      yield* from(servicePort, { ip, port }, network);
    }
    for (const ip of own) yield* from(servicePort, { ip, port: nodePort === 0 ? port : nodePort }, network);
    yield* from(servicePort, { ip: clusterIP, port: port + 3 }, network);
  }
}

interface Place {
  readonly ip: string;
  readonly port: number;
}

/** Endpoints are among the clients: they may reach themselves. */
function* from(
  { protocol, reachable }: ServicePort,
  { ip, port }: Place,
  network: Network,
): Generator<Packet> {
  const { family, friend, stranger, pod, nodeIPs } = network;
  const packet = { family, protocol: lowerCaseProtocol(protocol), destination: ip, port, mark: 0 };
  const arriving = { inInterface: { kind: 'named', name: 'eth0' }, outInterface: UNKNOWN_INTERFACE } as const;
  const ownProcess = { inInterface: NO_INTERFACE, outInterface: UNKNOWN_INTERFACE } as const;
  const endpoints = reachable.slice(0, 3).map((endpoint) => endpoint.ip);
  for (const source of [friend, stranger, pod, ...endpoints]) yield { ...packet, ...arriving, source };
  for (const source of [...nodeIPs, ip]) yield { ...packet, ...ownProcess, source };
}
