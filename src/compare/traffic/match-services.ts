import { virtualIPs } from '../../kubernetes/services.ts';
import type { Service, ServicePortSpec } from '../../model/cluster.ts';
import { typeOf } from './service-facts.ts';
import type { ServiceTraffic } from './service-traffic.ts';

/** A Service on both sides, or on one. */
export interface ServicePair {
  readonly before: ServiceTraffic | undefined;
  readonly after: ServiceTraffic | undefined;
}

/**
 * Which Services belong together, by name; of those that are left, the ones that were renamed: a name that goes and
 * one that comes have an address in common, else, in one namespace, selector and ports, and no other has them.
 * Sorted by the name that a pair has now.
 */
export function matchServices(
  before: readonly ServiceTraffic[],
  after: readonly ServiceTraffic[],
): readonly ServicePair[] {
  const old = new Map(before.map((each) => [each.name, each]));
  const pairs: ServicePair[] = [];
  const added: ServiceTraffic[] = [];
  for (const each of after) {
    const previous = old.get(each.name);
    if (previous === undefined) added.push(each);
    else pairs.push({ before: previous, after: each });
    old.delete(each.name);
  }
  return [...pairs, ...matchRenamed([...old.values()], added)].sort(byName);
}

function byName(a: ServicePair, b: ServicePair): number {
  const [left, right] = [nameOf(a), nameOf(b)];
  if (left === right) return a.after === undefined ? -1 : 1;
  return left < right ? -1 : 1;
}

function nameOf({ before, after }: ServicePair): string {
  return after?.name ?? before?.name ?? '';
}

/** What tells a Service beside its name, the surest first. */
const SERVICE_IDENTITIES: readonly ((traffic: ServiceTraffic) => readonly string[])[] = [
  addresses,
  selectorAndPorts,
];

function matchRenamed(
  removed: readonly ServiceTraffic[],
  added: readonly ServiceTraffic[],
): readonly ServicePair[] {
  const [goes, comes] = [new Set(removed), new Set(added)];
  const pairs: ServicePair[] = [];
  for (const identitiesOf of SERVICE_IDENTITIES) {
    const byIdentity = uniqueBy(goes, identitiesOf);
    const successors = uniqueBy(comes, identitiesOf);
    for (const [identity, after] of successors) {
      const before = byIdentity.get(identity);
      if (before === undefined || !goes.has(before) || !comes.has(after)) continue;
      pairs.push({ before, after });
      goes.delete(before);
      comes.delete(after);
    }
  }
  return [
    ...pairs,
    ...[...goes].map((before) => ({ before, after: undefined })),
    ...[...comes].map((after) => ({ before: undefined, after })),
  ];
}

/** By identity, without identities that several have. */
function uniqueBy(
  all: Iterable<ServiceTraffic>,
  identitiesOf: (traffic: ServiceTraffic) => readonly string[],
): ReadonlyMap<string, ServiceTraffic> {
  const unique = new Map<string, ServiceTraffic>();
  const repeated = new Set<string>();
  for (const traffic of all) {
    for (const identity of identitiesOf(traffic)) {
      if (unique.has(identity)) repeated.add(identity);
      unique.set(identity, traffic);
    }
  }
  for (const identity of repeated) unique.delete(identity);
  return unique;
}

/** Addresses that the Service asks for itself: allocated ones go by its name. */
function addresses({ service, allocated }: ServiceTraffic): readonly string[] {
  const given = virtualIPs(service).filter((ip) => !allocated.clusterIPs?.includes(ip));
  return [...given, ...service.loadBalancerIngress.map(({ ip }) => ip)];
}

/** With the type: headless Services often stand beside others with the same selector and ports. */
function selectorAndPorts({ service }: ServiceTraffic): readonly string[] {
  const selector = Object.entries(service.selector).sort(([a], [b]) => (a < b ? -1 : 1));
  if (selector.length === 0) return [];
  return [JSON.stringify([service.namespace, selector, typeOf(service), service.ports.map(portOf)])];
}

function portOf({ port, protocol }: Service['ports'][number]): string {
  return `${port}/${protocol}`;
}

/** A port of a Service on both sides, or on one. */
export interface PortPair {
  readonly before: ServicePortSpec | undefined;
  readonly after: ServicePortSpec | undefined;
}

type PortIdentity = (port: ServicePortSpec) => string;

const PORT_IDENTITIES: readonly PortIdentity[] = [
  ({ name, protocol }) => `${name}/${protocol}`,
  ({ port, protocol }) => `${port}/${protocol}`,
  ({ name }) => name,
];

/** Which ports of a Service belong together: by name, else by number. In order of what there is now, then what is gone. */
export function matchPorts(
  before: readonly ServicePortSpec[],
  after: readonly ServicePortSpec[],
): readonly PortPair[] {
  const goes = new Set(before);
  const previous = new Map<ServicePortSpec, ServicePortSpec>();
  for (const identityOf of PORT_IDENTITIES) {
    for (const port of after) {
      if (previous.has(port)) continue;
      const match = [...goes].find((each) => identityOf(each) === identityOf(port));
      if (match === undefined) continue;
      previous.set(port, match);
      goes.delete(match);
    }
  }
  return [
    ...after.map((port) => ({ before: previous.get(port), after: port })),
    ...[...goes].map((port) => ({ before: port, after: undefined })),
  ];
}
