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

/** What finds slices and ports of Services for `resolve`, for programs that bring their own. */
export interface ServiceResolver {
  /** Of the family, in order of name. */
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
  /** All ports of a Service, in their order. */
  readonly portsOf: (onNode: ServiceOnNode, node: NodePlace) => readonly ResolvedPort[];
}

/** The Services of a cluster, in their order, as a resolver finds them. */
export function resolvableBy(
  { slicesOf, portsOf }: ServiceResolver,
  { services }: Cluster,
  family: IPFamily,
): readonly ResolvableService[] {
  return services.map((service) => ({
    service,
    on({ node, nodeIP, facts, isIPVS }) {
      const vips = serviceVIPs(service, family, { nodeIP, facts });
      if (vips === undefined) return undefined;
      const onNode = { service, vips, slices: slicesOf(service), facts, isIPVS };
      return { vips, ports: portsOf(onNode, node) };
    },
  }));
}

/** The Services of a cluster, in their order, for one node. */
export function resolvableServices(cluster: Cluster, family: IPFamily): readonly ResolvableService[] {
  const slicesOf = sliceFinder(cluster, family);
  return cluster.services.map((service) => ({
    service,
    on: (view) => resolveService(service, { family, slicesOf, view }),
  }));
}

/** Of a family, in order of name. */
function sliceFinder(cluster: Cluster, family: IPFamily): (service: Service) => readonly EndpointSlice[] {
  const slicesOf = sliceLookup(cluster);
  return (service) =>
    slicesOf(service).filter(({ addressType, labels }) => addressType === family && isWatchedByProxy(labels));
}

interface Circumstances {
  readonly family: IPFamily;
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
  readonly view: ProxyView;
}

function resolveService(
  service: Service,
  { family, slicesOf, view }: Circumstances,
): ResolvedService | undefined {
  const { node, facts, isIPVS } = view;
  const vips = serviceVIPs(service, family, view);
  if (vips === undefined) return undefined;
  const slices = slicesOf(service);
  const onNode = { service, vips, slices, facts, isIPVS };
  return { vips, ports: service.ports.map((port) => resolvePort(onNode, port, node)) };
}

/** For all nodes of a cluster, with the same settings. */
export interface SharedServices {
  /** What a Service is on many of them is made once, and is the very same objects for all. */
  readonly services: readonly ResolvableService[];
  /** The service port of many nodes that one is equal to, but for which endpoints are on the node; otherwise itself. */
  readonly alike: (servicePort: ServicePort) => ServicePort;
}

export function sharedServices(cluster: Cluster, family: IPFamily): SharedServices {
  const slicesOf = sliceFinder(cluster, family);
  const alike = new WeakMap<ServicePort, ServicePort>();
  return {
    services: cluster.services.map((service) => sharedService(service, { family, slicesOf, alike })),
    alike: (servicePort) => alike.get(servicePort) ?? servicePort,
  };
}

interface Sharing {
  readonly family: IPFamily;
  readonly slicesOf: (service: Service) => readonly EndpointSlice[];
  /** Where it is put down which service ports are alike. */
  readonly alike: WeakMap<ServicePort, ServicePort>;
}

function sharedService(service: Service, { family, slicesOf: find, alike }: Sharing): ResolvableService {
  let known: KnownService | undefined;
  /** By what of a node counts, as far as others can have it in common. */
  const common = new Map<string, ResolvedService | undefined>();
  return {
    service,
    on(view) {
      known ??= knowService(find(service));
      const { nodeNames, slicesOf } = known;
      const { node } = view;
      const isNamed = node.name !== undefined && nodeNames.has(node.name);
      const key = placeKey(service, known.zones, { family, view });
      let ofMany = common.get(key);
      if (ofMany === undefined && !common.has(key)) {
        const elsewhere = { ...view, node: { ...node, name: nameOutside(nodeNames) } };
        ofMany = resolveService(service, { family, slicesOf, view: isNamed ? elsewhere : view });
        common.set(key, ofMany);
      }
      if (!isNamed) return ofMany;
      return noteAlike(resolveService(service, { family, slicesOf, view }), ofMany, alike);
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
  readonly slicesOf: () => readonly EndpointSlice[];
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
  return { slicesOf: () => slices, nodeNames, zones };
}

/** What of a node decides where it is named nowhere: whether it has a name, its zone, and whether source ranges hold it. */
function placeKey(
  service: Service,
  zones: ReadonlySet<string>,
  { family, view }: Omit<Circumstances, 'slicesOf'>,
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
