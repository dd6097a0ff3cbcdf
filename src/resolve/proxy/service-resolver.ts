import { isWatchedByProxy } from '../../kubernetes/services.ts';
import type { Cluster, EndpointSlice, IPFamily, Service } from '../../model/cluster.ts';
import type { AdmittedSources } from '../../model/node-state.ts';
import type { NodePlace } from './endpoint-pools.ts';
import { type ResolvedPort, resolvePort, type ServiceOnNode } from './service-ports.ts';
import { sliceLookup } from './service-slices.ts';

/** Finds what one node, or one after the other, needs to know of Services in one family. */
export interface ServiceResolver {
  /** Of the family, in order of name. */
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
  /** All ports of a Service, in their order. */
  readonly portsOf: (onNode: ServiceOnNode, node: NodePlace) => readonly ResolvedPort[];
}

/** For one node. */
export function serviceResolver(cluster: Cluster, family: IPFamily): ServiceResolver {
  const slicesOf = sliceLookup(cluster);
  return {
    slicesOf: (service) =>
      slicesOf(service).filter(
        ({ addressType, labels }) => addressType === family && isWatchedByProxy(labels),
      ),
    portsOf: resolvePorts,
  };
}

/** What is known of a Service from the nodes before. */
interface KnownService {
  readonly slices: readonly EndpointSlice[];
  /** Of endpoints, and of hints: on these nodes the Service is something of its own. */
  readonly nodeNames: ReadonlySet<string>;
  /** Of hints. */
  readonly zones: ReadonlySet<string>;
  /** By what of a node counts, as far as others can have it in common. */
  readonly ports: Map<string, readonly ResolvedPort[]>;
}

/**
 * For all nodes of a cluster, with the same settings: what a Service is on many of them is made once, and is the very
 * same objects for all.
 */
export function sharedServiceResolver(cluster: Cluster, family: IPFamily): ServiceResolver {
  const { slicesOf } = serviceResolver(cluster, family);
  const known = new Map<Service, KnownService>();
  const know = (service: Service): KnownService => {
    const found = known.get(service) ?? knowService(slicesOf(service));
    known.set(service, found);
    return found;
  };
  return {
    slicesOf: (service) => know(service).slices,
    portsOf: (onNode, node) => {
      const { nodeNames, zones, ports } = know(onNode.service);
      if (node.name !== undefined && nodeNames.has(node.name)) return resolvePorts(onNode, node);
      const key = `${node.name !== undefined} ${holdsNode(onNode.vips.admitted)} ${zoneKey(node, zones)}`;
      const resolved = ports.get(key) ?? resolvePorts(onNode, node);
      ports.set(key, resolved);
      return resolved;
    },
  };
}

function holdsNode(admitted: AdmittedSources | undefined): boolean {
  return admitted !== undefined && admitted.ofNode.length > 0;
}

function resolvePorts(onNode: ServiceOnNode, node: NodePlace): readonly ResolvedPort[] {
  return onNode.service.ports.map((port) => resolvePort(onNode, port, node));
}

function knowService(slices: readonly EndpointSlice[]): KnownService {
  const nodeNames = new Set<string>();
  const zones = new Set<string>();
  for (const { endpoints } of slices) {
    for (const { nodeName, nodeHints, zoneHints } of endpoints) {
      if (nodeName !== undefined) nodeNames.add(nodeName);
      for (const hint of nodeHints) nodeNames.add(hint);
      for (const hint of zoneHints) zones.add(hint);
    }
  }
  return { slices, nodeNames, zones, ports: new Map() };
}

/** Zones that no endpoint is meant for are all alike; none at all is another matter. */
function zoneKey({ zone }: NodePlace, zones: ReadonlySet<string>): string {
  if (zones.size === 0) return '';
  if (zone === undefined) return 'unknown';
  return zones.has(zone) ? `in ${zone}` : 'other';
}
