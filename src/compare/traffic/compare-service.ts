import { clusterIPIn } from '../../kubernetes/services.ts';
import type { Service, ServicePortSpec } from '../../model/cluster.ts';
import { IP_FAMILIES } from '../../model/ip.ts';
import { matchPorts, type PortPair } from './match-services.ts';
import { compareOutcomes, outcomesOf } from './outcomes.ts';
import { formatPort, portText, typeOf } from './service-facts.ts';
import {
  isAllocatedIP,
  isAllocatedNodePort,
  type KeptService,
  type ServiceTraffic,
} from './service-traffic.ts';
import type { Allocation, Change, ListAspect, ValueAspect } from './traffic-diff.ts';

/** How a Service changed. */
export function* compareService({ before, after }: KeptService): Generator<Change> {
  const [was, is] = [before.service, after.service];
  yield* compareValue('type', typeOf(was), typeOf(is));
  yield* compareValue('served by nodes', servedText(before), servedText(after));
  yield* compareValue('externalName', was.externalName, is.externalName);
  yield* compareClusterIPs(before, after);
  yield* compareList('externalIPs', was.externalIPs, is.externalIPs);
  yield* compareList('load balancer addresses', balancerIPs(was), balancerIPs(is));
  yield* compareList('loadBalancerSourceRanges', was.loadBalancerSourceRanges, is.loadBalancerSourceRanges);
  yield* compareValue('externalTrafficPolicy', was.externalTrafficPolicy, is.externalTrafficPolicy);
  yield* compareValue('internalTrafficPolicy', was.internalTrafficPolicy, is.internalTrafficPolicy);
  yield* compareValue('sessionAffinity', affinityText(was), affinityText(is));
  yield* compareHealthCheckPorts(before, after);
  if (before.served.size === 0 && after.served.size === 0) return;
  for (const pair of matchPorts(was.ports, is.ports)) yield* comparePort({ before, after }, pair);
}

function* compareValue(
  aspect: ValueAspect,
  before: string | undefined,
  after: string | undefined,
): Generator<Change> {
  if (before !== after) yield { kind: 'value', aspect, before, after };
}

/** What goes and what comes; the order of a list means nothing to traffic. */
function* compareList(
  aspect: ListAspect,
  before: readonly string[],
  after: readonly string[],
): Generator<Change> {
  if (before.length === 0 && after.length === 0) return;
  const added = after.filter((each) => !before.includes(each));
  const removed = before.filter((each) => !after.includes(each));
  if (added.length + removed.length > 0) yield { kind: 'list', aspect, added, removed };
}

function* compareClusterIPs(before: ServiceTraffic, after: ServiceTraffic): Generator<Change> {
  for (const family of IP_FAMILIES) {
    const [was, is] = [clusterIPIn(before.service, family), clusterIPIn(after.service, family)];
    if (was === is) continue;
    const isChosen = {
      before: isAllocatedIP(before.allocated, was),
      after: isAllocatedIP(after.allocated, is),
    };
    yield { kind: 'value', aspect: 'clusterIP', before: was, after: is, ...allocationOf(isChosen) };
  }
}

function* compareHealthCheckPorts(before: ServiceTraffic, after: ServiceTraffic): Generator<Change> {
  const [was, is] = [before.service.healthCheckNodePort, after.service.healthCheckNodePort];
  if (was === is) return;
  const isChosen = {
    before: before.allocated.healthCheckNodePort !== undefined,
    after: after.allocated.healthCheckNodePort !== undefined,
  };
  const values = { before: portText(was), after: portText(is) };
  yield { kind: 'value', aspect: 'healthCheckNodePort', ...values, ...allocationOf(isChosen) };
}

function servedText({ served }: ServiceTraffic): string {
  return served.size === 0 ? 'no' : 'yes';
}

function balancerIPs({ loadBalancerIngress }: Service): readonly string[] {
  return loadBalancerIngress.map(({ ip, ipMode }) => (ipMode === 'VIP' ? ip : `${ip} (Proxy)`));
}

function affinityText({ sessionAffinitySeconds }: Service): string {
  return sessionAffinitySeconds === undefined ? 'None' : `ClientIP for ${sessionAffinitySeconds} s`;
}

/** How a port changed, and what its clients meet. */
function* comparePort(services: KeptService, { before, after }: PortPair): Generator<Change> {
  if (after === undefined) {
    if (before !== undefined) yield wholePort(before.name, { before });
    return;
  }
  if (before === undefined) yield wholePort(after.name, { after });
  else yield* compareNumbers(services, before, after);
  yield* compareBackends(services, before, after);
  if (before !== undefined) yield* compareFlows(services, before, after);
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

/** Flows over UDP outlive their endpoint, whatever rules say. */
function* compareFlows(
  services: KeptService,
  before: ServicePortSpec,
  after: ServicePortSpec,
): Generator<Change> {
  const isDual = services.after.served.size > 1;
  for (const [family, ports] of services.after.served) {
    const is = ports.find(({ name }) => name.port === after.name);
    const was = services.before.served.get(family)?.find(({ name }) => name.port === before.name);
    if (is?.protocol !== 'UDP' || was?.protocol !== 'UDP') continue;
    const kept = new Set(is.serving.map(({ hostPort }) => hostPort));
    const servers = was.serving.map(({ hostPort }) => hostPort).filter((server) => !kept.has(server));
    if (servers.length > 0) {
      yield { kind: 'stale flows', port: after.name, family: isDual ? family : undefined, servers };
    }
  }
}

/** How a value was chosen that differs. */
function allocationOf(side: {
  /** svcgen chose what it was. */
  readonly before: boolean;
  /** svcgen chose what it is. */
  readonly after: boolean;
}): { readonly allocation?: Allocation } {
  if (side.before && side.after) return { allocation: 'moves' };
  if (side.after) return { allocation: 'is allocated' };
  return side.before ? { allocation: 'was allocated' } : {};
}
