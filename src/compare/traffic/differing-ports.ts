import { objectKey } from '../../model/cluster.ts';
import type { NodeState, ServicePort } from '../../model/node-state.ts';
import { isSamePort } from './same-port.ts';

/**
 * Two states without the service ports that are the same in both: where each port has rules of its own, the rules
 * that differ between the rest are all that differ. Nothing is left out where more than ports is otherwise.
 */
export function withoutEqualPorts(
  before: NodeState,
  after: NodeState,
): { readonly before: NodeState; readonly after: NodeState } {
  if (!isSameNode(before, after)) return { before, after };
  const old = new Map(before.servicePorts.map((port) => [keyOf(port), port]));
  const equal = new Set<string>();
  for (const port of after.servicePorts) {
    const key = keyOf(port);
    const previous = old.get(key);
    if (previous !== undefined && isSamePort(previous, port)) equal.add(key);
  }
  const rest = (state: NodeState) => ({
    ...state,
    servicePorts: state.servicePorts.filter((port) => !equal.has(keyOf(port))),
  });
  return { before: rest(before), after: rest(after) };
}

function keyOf({ name, protocol }: ServicePort): string {
  return `${objectKey(name)}:${name.port}/${protocol}`;
}

function isSameNode(a: NodeState, b: NodeState): boolean {
  const shared = ({ servicePorts, ...rest }: NodeState) => rest;
  return JSON.stringify(shared(a)) === JSON.stringify(shared(b));
}
