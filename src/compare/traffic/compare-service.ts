import { clusterIPIn } from '../../kubernetes/services.ts';
import type { IPFamily, Service } from '../../model/cluster.ts';
import { allocationOf, isAllocatedIP } from './allocation.ts';
import { comparePort } from './compare-port.ts';
import { matchPorts } from './match-ports.ts';
import { portText, typeOf } from './service-facts.ts';
import type { KeptService, ServiceTraffic } from './service-traffic.ts';
import type { Change, ListAspect, ValueAspect } from './traffic-diff.ts';

/** What of a Service is otherwise. */
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
  for (const family of FAMILIES) {
    const [was, is] = [clusterIPIn(before.service, family), clusterIPIn(after.service, family)];
    if (was === is) continue;
    const isChosen = {
      before: isAllocatedIP(before.allocated, was),
      after: isAllocatedIP(after.allocated, is),
    };
    yield { kind: 'value', aspect: 'clusterIP', before: was, after: is, ...allocationOf(isChosen) };
  }
}

const FAMILIES: readonly IPFamily[] = ['IPv4', 'IPv6'];

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
