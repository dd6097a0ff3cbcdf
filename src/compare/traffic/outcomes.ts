import type { IPFamily, ServicePortSpec } from '../../model/cluster.ts';
import type { Delivery, ServicePort } from '../../model/node-state.ts';
import type { ServiceTraffic } from './service-traffic.ts';
import type { Clients, Outcome } from './traffic-diff.ts';

/** What the clients of a port meet in one family. */
export interface PortOutcomes {
  readonly family: IPFamily;
  readonly inside: Outcome;
  /** undefined: the port has no address but the clusterIP. */
  readonly outside: Outcome | undefined;
  readonly node: Outcome | undefined;
}

/** What one kind of clients met and meets; `before` undefined: nothing was there. */
export interface OutcomeChange {
  readonly clients: Clients;
  readonly before: Outcome | undefined;
  readonly after: Outcome;
}

/** What clients of a port meet, family by family; nothing where nodes do not serve it. */
export function outcomesOf({ served }: ServiceTraffic, { name }: ServicePortSpec): readonly PortOutcomes[] {
  const outcomes: PortOutcomes[] = [];
  for (const [family, ports] of served) {
    const port = ports.find((each) => each.name.port === name);
    if (port !== undefined) outcomes.push(outcomesIn(family, port));
  }
  return outcomes;
}

function outcomesIn(family: IPFamily, { internal, external }: ServicePort): PortOutcomes {
  return {
    family,
    inside: outcomeOf(internal),
    outside: external && outcomeOf(external.fromOutside),
    node: external && outcomeOf(external.fromInside),
  };
}

function outcomeOf(delivery: Delivery): Outcome {
  if (delivery.kind !== 'endpoints') return { kind: delivery.kind };
  return { kind: 'endpoints', hostPorts: delivery.pool.endpoints.map(({ hostPort }) => hostPort) };
}

/**
 * What changes, and for whom. Where the same happens to all clients, that is said once; where only the node's own meet
 * what others do, they are not worth a line.
 */
export function compareOutcomes(
  before: PortOutcomes | undefined,
  { inside, outside = inside, node = inside }: PortOutcomes,
): readonly OutcomeChange[] {
  const changes: readonly OutcomeChange[] = [
    { clients: 'inside', before: before?.inside, after: inside },
    { clients: 'outside', before: before?.outside ?? before?.inside, after: outside },
    { clients: 'node', before: before?.node ?? before?.inside, after: node },
  ];
  const [first, ...others] = changes;
  if (first !== undefined && others.every((each) => isSameChange(each, first))) {
    return isChange(first) ? [{ ...first, clients: 'all' }] : [];
  }
  return changes.filter(
    (each, index) => isChange(each) && !changes.some((other, at) => at < index && isShownBy(each, other)),
  );
}

function isShownBy(change: OutcomeChange, other: OutcomeChange): boolean {
  return change.clients === 'node' && isSameChange(change, other);
}

function isChange({ before, after }: OutcomeChange): boolean {
  return !isSameOutcome(before, after);
}

function isSameChange(a: OutcomeChange, b: OutcomeChange): boolean {
  return isSameOutcome(a.before, b.before) && isSameOutcome(a.after, b.after);
}

function isSameOutcome(a: Outcome | undefined, b: Outcome | undefined): boolean {
  if (a?.kind !== 'endpoints' || b?.kind !== 'endpoints') return a?.kind === b?.kind;
  const others = b.hostPorts;
  return a.hostPorts.length === others.length && a.hostPorts.every((each, index) => each === others[index]);
}
