import type { ServicePortSpec } from '../../model/cluster.ts';
import { allocationOf, isAllocatedNodePort } from './allocation.ts';
import type { PortPair } from './match-ports.ts';
import { compareOutcomes, outcomesOf } from './outcomes.ts';
import { formatPort, portText } from './service-facts.ts';
import type { KeptService } from './service-traffic.ts';
import type { Change } from './traffic-diff.ts';

/** What of a port is otherwise, and what its clients meet. */
export function* comparePort(services: KeptService, { before, after }: PortPair): Generator<Change> {
  if (after === undefined) {
    if (before !== undefined) yield wholePort(before.name, { before });
    return;
  }
  if (before === undefined) yield wholePort(after.name, { after });
  else yield* compareNumbers(services, before, after);
  yield* compareBackends(services, before, after);
}

/** A port that comes or goes. */
function wholePort(port: string, side: Partial<Record<'before' | 'after', ServicePortSpec>>): Change {
  const { before, after } = side;
  const texts = { before: before && describePort(before), after: after && describePort(after) };
  return { kind: 'value', aspect: 'port', port, ...texts };
}

function describePort(port: ServicePortSpec): string {
  return port.nodePort === 0 ? formatPort(port) : `${formatPort(port)}, nodePort ${port.nodePort}`;
}

function* compareNumbers(
  services: KeptService,
  before: ServicePortSpec,
  after: ServicePortSpec,
): Generator<Change> {
  const port = after.name;
  if (before.name !== port) {
    yield { kind: 'value', aspect: 'port name', port, before: before.name, after: port };
  }
  const [was, is] = [formatPort(before), formatPort(after)];
  if (was !== is) yield { kind: 'value', aspect: 'port', port, before: was, after: is };
  if (before.nodePort === after.nodePort) return;
  const isChosen = {
    before: isAllocatedNodePort(services.before.allocated, before),
    after: isAllocatedNodePort(services.after.allocated, after),
  };
  const values = { before: portText(before.nodePort), after: portText(after.nodePort) };
  yield { kind: 'value', aspect: 'nodePort', port, ...values, ...allocationOf(isChosen) };
}

function* compareBackends(
  services: KeptService,
  before: ServicePortSpec | undefined,
  after: ServicePortSpec,
): Generator<Change> {
  const all = before === undefined ? [] : outcomesOf(services.before, before);
  const isDual = services.after.served.size > 1;
  for (const outcomes of outcomesOf(services.after, after)) {
    const previous = all.find(({ family }) => family === outcomes.family);
    const family = isDual ? outcomes.family : undefined;
    for (const change of compareOutcomes(previous, outcomes)) {
      yield { kind: 'backends', port: after.name, family, ...change };
    }
  }
}
