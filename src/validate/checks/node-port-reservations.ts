import type { DefaultedService } from '../defaults/service.ts';

/** What the API server's allocator does with the node ports that a Service asks for. */
export interface NodePortReservations {
  readonly reserved: ReadonlySet<number>;
  /** Entries of spec.ports that ask for a node port that an earlier one has reserved already. */
  readonly conflicts: readonly number[];
}

const NONE: NodePortReservations = { reserved: new Set(), conflicts: [] };

/**
 * Goes through spec.ports as initNodePorts does (pkg/registry/core/service/storage, 1.34): entries with the same port
 * share the first node port that one of them asks for; every other node port is reserved on its own.
 */
export function reserveNodePorts({ type, ports }: DefaultedService): NodePortReservations {
  if (type !== 'NodePort' && type !== 'LoadBalancer') return NONE;
  const requested = firstNodePorts(ports);
  if (requested.size === 0) return NONE;
  const reserved = new Set<number>();
  const shared = new Map<number, number>();
  const conflicts: number[] = [];
  ports.forEach(({ port, nodePort }, index) => {
    const sharedPort = shared.get(port);
    const wanted = sharedPort === undefined ? (requested.get(port) ?? 0) : nodePort;
    if (wanted === 0 || wanted === sharedPort) return;
    if (sharedPort === undefined) shared.set(port, wanted);
    if (reserved.has(wanted)) conflicts.push(index);
    else reserved.add(wanted);
  });
  return { reserved, conflicts };
}

/** For each port of the Service, the first node port that one of its entries asks for. */
function firstNodePorts(ports: DefaultedService['ports']): ReadonlyMap<number, number> {
  const requested = new Map<number, number>();
  for (const { port, nodePort } of ports) {
    if (nodePort !== 0 && !requested.has(port)) requested.set(port, nodePort);
  }
  return requested;
}
