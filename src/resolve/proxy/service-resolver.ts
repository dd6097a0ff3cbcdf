import { isWatchedByProxy } from '../../kubernetes/services.ts';
import type { Cluster, EndpointSlice, IPFamily, Service } from '../../model/cluster.ts';
import type { ProxyFacts } from '../../model/kubernetes-version.ts';
import type { ServicePort } from '../../model/node-state.ts';
import { isAlike } from './alike-ports.ts';
import type { NodePlace } from './endpoint-pools.ts';
import { type ResolvedPort, resolvePort, type ServiceOnNode } from './service-ports.ts';
import { sliceLookup } from './service-slices.ts';
import { type ServiceVIPs, serviceVIPs } from './service-vips.ts';

/** A Service, and what it is on nodes in one family. */
export interface ResolvableService {
  readonly service: Service;
  /** undefined: nothing (see `serviceVIPs`). */
  readonly on: (view: ProxyView) => ResolvedService | undefined;
}

/** From where, and with whose rules, Services are looked at. */
export interface ProxyView {
  readonly node: NodePlace;
  /** Of the family; undefined: not known. */
  readonly nodeIP: string | undefined;
  /** What the kube-proxy of the wanted version does. */
  readonly facts: ProxyFacts;
  /** Deliveries in ipvs mode are wanted too. */
  readonly isIPVS: boolean;
}

export interface ResolvedService {
  readonly vips: ServiceVIPs;
  /** All ports of the Service, in their order. */
  readonly ports: readonly ResolvedPort[];
}

/** What finds slices and ports of Services. */
export interface ServiceResolver {
  /** Of the family, in order of name. */
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
  /** All ports of a Service, in their order. */
  readonly portsOf: (onNode: ServiceOnNode, node: NodePlace) => readonly ResolvedPort[];
}

/** The Services of a cluster, in their order, as a resolver finds them. */
export function resolvableBy(
  resolver: ServiceResolver,
  { services }: Cluster,
  family: IPFamily,
): readonly ResolvableService[] {
  return services.map((service) => ({
    service,
    on: (view) => resolveService(service, { family, resolver, view }),
  }));
}

/** For one node. */
export function serviceResolver(cluster: Cluster, family: IPFamily): ServiceResolver {
  const slicesOf = sliceLookup(cluster);
  return {
    slicesOf: (service) =>
      slicesOf(service).filter(
        ({ addressType, labels }) => addressType === family && isWatchedByProxy(labels),
      ),
    portsOf: (onNode, node) => onNode.service.ports.map((port) => resolvePort(onNode, port, node)),
  };
}

interface Circumstances {
  readonly family: IPFamily;
  readonly resolver: ServiceResolver;
  readonly view: ProxyView;
}

function resolveService(
  service: Service,
  { family, resolver, view }: Circumstances,
): ResolvedService | undefined {
  const { node, facts, isIPVS } = view;
  const vips = serviceVIPs(service, family, view);
  if (vips === undefined) return undefined;
  const slices = resolver.slicesOf(service);
  return { vips, ports: resolver.portsOf({ service, vips, slices, facts, isIPVS }, node) };
}

/** For all nodes of a cluster, with the same settings. */
export interface SharedServices {
  /** What a Service is on many of them is made once, and is the very same objects for all. */
  readonly services: readonly ResolvableService[];
  /** The service port of many nodes that one is equal to, but for which endpoints are on the node; otherwise itself. */
  readonly alike: (servicePort: ServicePort) => ServicePort;
}

export function sharedServices(cluster: Cluster, family: IPFamily): SharedServices {
  const resolver = serviceResolver(cluster, family);
  const alike = new WeakMap<ServicePort, ServicePort>();
  return {
    services: cluster.services.map((service) => sharedService(service, { family, resolver, alike })),
    alike: (servicePort) => alike.get(servicePort) ?? servicePort,
  };
}

interface Sharing {
  readonly family: IPFamily;
  readonly resolver: ServiceResolver;
  /** Where it is put down which service ports are alike. */
  readonly alike: WeakMap<ServicePort, ServicePort>;
}

function sharedService(service: Service, { family, resolver: found, alike }: Sharing): ResolvableService {
  let known: KnownService | undefined;
  /** By what of a node counts, as far as others can have it in common. */
  const common = new Map<string, ResolvedService | undefined>();
  return {
    service,
    on(view) {
      known ??= knowService(service, found);
      const { nodeNames, resolver } = known;
      const { node } = view;
      const isNamed = node.name !== undefined && nodeNames.has(node.name);
      const key = placeKey(service, known.zones, { family, view });
      let ofMany = common.get(key);
      if (ofMany === undefined && !common.has(key)) {
        const elsewhere = { ...view, node: { ...node, name: nameOutside(nodeNames) } };
        ofMany = resolveService(service, { family, resolver, view: isNamed ? elsewhere : view });
        common.set(key, ofMany);
      }
      if (!isNamed) return ofMany;
      return noteAlike(resolveService(service, { family, resolver, view }), ofMany, alike);
    },
  };
}

function noteAlike(
  own: ResolvedService | undefined,
  ofMany: ResolvedService | undefined,
  alike: Sharing['alike'],
): ResolvedService | undefined {
  for (const [index, { servicePort }] of own?.ports.entries() ?? []) {
    const other = ofMany?.ports[index]?.servicePort;
    if (other !== undefined && isAlike(servicePort, other)) alike.set(servicePort, other);
  }
  return own;
}

/** What of its slices makes nodes differ. */
interface KnownService {
  /** It has its slices at hand. */
  readonly resolver: ServiceResolver;
  /** Of endpoints, and of hints: on these nodes the Service is something of its own. */
  readonly nodeNames: ReadonlySet<string>;
  /** Of hints. */
  readonly zones: ReadonlySet<string>;
}

function nameOutside(names: ReadonlySet<string>): string {
  let name = 'elsewhere';
  while (names.has(name)) name += '-';
  return name;
}

function knowService(service: Service, resolver: ServiceResolver): KnownService {
  const slices = resolver.slicesOf(service);
  const nodeNames = new Set<string>();
  const zones = new Set<string>();
  for (const { endpoints } of slices) {
    for (const { nodeName, nodeHints, zoneHints } of endpoints) {
      if (nodeName !== undefined) nodeNames.add(nodeName);
      for (const hint of nodeHints) nodeNames.add(hint);
      for (const hint of zoneHints) zones.add(hint);
    }
  }
  return { resolver: { ...resolver, slicesOf: () => slices }, nodeNames, zones };
}

/** What of a node decides where it is named nowhere: whether it has a name, its zone, and whether source ranges hold it. */
function placeKey(
  service: Service,
  zones: ReadonlySet<string>,
  { family, view }: Omit<Circumstances, 'resolver'>,
): string {
  const { node } = view;
  const name = node.name === undefined ? 'unnamed' : 'named';
  const hasRanges = service.loadBalancerSourceRanges.length > 0;
  if (zones.size === 0 && !hasRanges) return name;
  const admitted = hasRanges ? serviceVIPs(service, family, view)?.admitted : undefined;
  const holdsNode = admitted !== undefined && admitted.ofNode.length > 0;
  return `${name} ${zoneKey(node, zones)} ${holdsNode}`;
}

/** Zones that no endpoint is meant for are all alike; none at all is another matter. */
function zoneKey({ zone }: NodePlace, zones: ReadonlySet<string>): string {
  if (zones.size === 0) return '';
  if (zone === undefined) return 'unknown';
  return zones.has(zone) ? `in ${zone}` : 'other';
}
