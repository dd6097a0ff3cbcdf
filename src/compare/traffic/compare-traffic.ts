import { comparePlaces } from './compare-places.ts';
import { compareService } from './compare-service.ts';
import { matchServices, type ServicePair } from './match-services.ts';
import { compareNodes } from './node-changes.ts';
import { isSameService } from './same-service.ts';
import { serviceFacts } from './service-facts.ts';
import { type DiffSide, trafficOf } from './service-traffic.ts';
import type { ServiceDiff, TrafficDiff } from './traffic-diff.ts';

/** What a change of manifests does to traffic. Both sides hold the same families. */
export function compareTraffic(before: DiffSide, after: DiffSide): TrafficDiff {
  const pairs = matchServices(trafficOf(before), trafficOf(after));
  const services: ServiceDiff[] = [];
  for (const pair of pairs) {
    const difference = diffOf(pair, { before, after });
    if (difference !== undefined) services.push(difference);
  }
  return { services, unchanged: pairs.length - services.length, node: compareNodes(before, after) };
}

interface Sides {
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** undefined: nothing differs. */
function diffOf({ before, after }: ServicePair, sides: Sides): ServiceDiff | undefined {
  if (before === undefined) {
    return after && { kind: 'added', name: after.name, facts: serviceFacts(after) };
  }
  if (after === undefined) return { kind: 'removed', name: before.name, facts: serviceFacts(before) };
  const previousName = before.name === after.name ? undefined : before.name;
  const kept = { before, after };
  const changes = [...(isSameService(kept) ? [] : compareService(kept)), ...comparePlaces(kept, sides)];
  if (changes.length === 0 && previousName === undefined) return undefined;
  return { kind: 'changed', name: after.name, previousName, changes };
}
