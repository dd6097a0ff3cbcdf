import { TOPOLOGY_HINTS_ANNOTATION, TOPOLOGY_MODE_ANNOTATION } from '../../kubernetes/labels.ts';
import type { EndpointSlice, Service, ServicePortSpec, TrafficPolicy } from '../../model/cluster.ts';
import type { ProxyFacts } from '../../model/kubernetes-version.ts';
import type {
  Delivery,
  Endpoint,
  EndpointPool,
  ExternalDelivery,
  IPVSDeliveries,
  ServicePort,
} from '../../model/node-state.ts';
import { type EndpointCandidate, mergeCandidates } from './candidates.ts';
import {
  type EndpointPools,
  endpointPools,
  type HeededHints,
  type NodePlace,
  type PoolsUsed,
} from './endpoint-pools.ts';
import type { ServiceVIPs } from './service-vips.ts';

/** What a Service is on one node in one family. */
export interface ServiceOnNode {
  readonly service: Service;
  readonly vips: ServiceVIPs;
  /** Of the family, in order of name. */
  readonly slices: readonly EndpointSlice[];
  /** What the kube-proxy of the wanted version does. */
  readonly facts: ProxyFacts;
  /** Its deliveries in ipvs mode are wanted too. */
  readonly isIPVS: boolean;
}

export interface ResolvedPort {
  readonly servicePort: ServicePort;
  /** All of its endpoints, usable or not. */
  readonly endpointCount: number;
  /** Addresses of its ready endpoints on this node, each once; empty when no load balancer asks for its health. */
  readonly localReady: readonly string[];
  /** Why another node would serve it otherwise; undefined: all nodes serve it alike. */
  readonly dependence: NodeDependence | undefined;
}

/** What makes the traffic of a service port depend on the node. */
export type NodeDependence = 'internalTrafficPolicy' | 'externalTrafficPolicy' | 'hints' | 'zone-hints';

/** Decides where connections to one port of a Service go on this node. */
export function resolvePort(
  { service, vips, slices, facts, isIPVS }: ServiceOnNode,
  port: ServicePortSpec,
  node: NodePlace,
): ResolvedPort {
  const candidates = mergeCandidates(slices, port, { nodeName: node.name, facts });
  const policies = policiesOf(service, vips, port);
  const used = poolsUsed(policies);
  const pools = endpointPools(candidates, used, { ...node, hints: heededHints(service, facts) });
  const servicePort: ServicePort = {
    name: { namespace: service.namespace, name: service.name, port: port.name },
    protocol: port.protocol,
    clusterIP: vips.clusterIP,
    port: port.port,
    nodePort: port.nodePort,
    externalIPs: vips.externalIPs,
    loadBalancerIPs: vips.loadBalancerIPs,
    admitted: vips.admitted,
    healthCheckNodePort: vips.healthCheckNodePort,
    sessionAffinitySeconds: service.sessionAffinitySeconds,
    internal: internalDelivery(policies, pools),
    external: externalDelivery(policies, pools),
    pools: pools.all,
    reachable: pools.reachable,
    serving: port.protocol === 'UDP' ? candidates.filter(({ source }) => source.serving) : NONE,
    ipvs: isIPVS ? ipvsDeliveries(policies, pools, hairpinCandidates(candidates, node)) : undefined,
  };
  const isAsked = vips.healthCheckNodePort !== 0;
  const dependence = pools.hasUsable
    ? dependenceOf(policies, used.local || isAsked, pools.topology)
    : undefined;
  const localReady = isAsked ? localReadyAddresses(candidates) : NO_ADDRESSES;
  return { servicePort, endpointCount: candidates.length, localReady, dependence };
}

const NO_ADDRESSES: readonly string[] = [];

/**
 * What kube-proxy counts when a load balancer asks for the health of a node (`LocalReadyEndpoints`, endpointschangetracker.go
 * 1.34): those that terminate get connections where there are no others, and yet do not count.
 */
function localReadyAddresses(candidates: readonly EndpointCandidate[]): readonly string[] {
  const ready = candidates.filter(({ isLocal, source }) => isLocal && source.ready);
  return [...new Set(ready.map(({ ip }) => ip))];
}

/** Which topology hints of endpoints count (topology.go). */
function heededHints(
  { annotations }: Service,
  { hintsNeedAnnotation, heedsNodeHints }: ProxyFacts,
): HeededHints {
  if (!hintsNeedAnnotation) return { zones: true, nodes: heedsNodeHints };
  const mode = annotations[TOPOLOGY_HINTS_ANNOTATION] ?? annotations[TOPOLOGY_MODE_ANNOTATION] ?? '';
  return { zones: !['', 'disabled', 'Disabled'].includes(mode), nodes: heedsNodeHints };
}

function hairpinCandidates(
  candidates: readonly EndpointCandidate[],
  { name }: NodePlace,
): readonly EndpointCandidate[] {
  return name === undefined ? candidates : candidates.filter(({ isLocal }) => isLocal);
}

function policiesOf(service: Service, vips: ServiceVIPs, port: ServicePortSpec): Policies {
  const isExternallyAccessible =
    port.nodePort !== 0 || vips.externalIPs.length > 0 || vips.loadBalancerIPs.length > 0;
  return {
    internal: service.internalTrafficPolicy,
    external: service.externalTrafficPolicy,
    isExternallyAccessible,
  };
}

function dependenceOf(
  { internal }: Policies,
  needsLocal: boolean,
  topology: { readonly isHinted: boolean; readonly lacksZone: boolean },
): NodeDependence | undefined {
  if (topology.lacksZone) return 'zone-hints';
  if (needsLocal) return internal === 'Local' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  return topology.isHinted ? 'hints' : undefined;
}

/** The policies of a service port in one family. */
interface Policies {
  readonly internal: TrafficPolicy;
  readonly external: TrafficPolicy;
  /** It has a nodePort, an external or a load-balancer address of the family: else `external` means nothing. */
  readonly isExternallyAccessible: boolean;
}

const REJECT: Delivery = { kind: 'reject' };
const DROP: Delivery = { kind: 'drop' };

/**
 * Which pools a service port needs (serviceport.go of kube-proxy 1.34). One that is reached from outside always needs
 * the cluster pool: a Local policy does not hold for traffic of the node's own pods and processes.
 */
function poolsUsed({ internal, external, isExternallyAccessible }: Policies): PoolsUsed {
  return {
    cluster: internal === 'Cluster' || isExternallyAccessible,
    local: internal === 'Local' || (external === 'Local' && isExternallyAccessible),
  };
}

/** What clients of the clusterIP get. */
function internalDelivery({ internal }: Policies, pools: EndpointPools): Delivery {
  return deliveryOf(internal, pools);
}

/** What clients of the other addresses get; undefined when there are none. */
function externalDelivery(
  { external, isExternallyAccessible }: Policies,
  pools: EndpointPools,
): ExternalDelivery | undefined {
  if (!isExternallyAccessible) return undefined;
  const fromInside = deliveryOf('Cluster', pools);
  return {
    fromOutside: deliveryOf(external, pools),
    fromInside,
    isServed: fromInside.kind === 'endpoints',
    keepsClientIP: external === 'Local',
  };
}

function deliveryOf(policy: TrafficPolicy, { hasUsable, cluster, local }: EndpointPools): Delivery {
  if (!hasUsable) return REJECT;
  return toPool(policy === 'Local' ? local : cluster);
}

function toPool(pool: EndpointPool | undefined): Delivery {
  return pool === undefined ? DROP : { kind: 'endpoints', pool };
}

const NONE: readonly Endpoint[] = [];

/**
 * The real servers of a service port, as `syncEndpoint` of kube-proxy 1.34 (ipvs/proxier.go) picks them: with a Local
 * policy and no local endpoint it takes those of the cluster, so that the node's own pods are served
 * (kubernetes/kubernetes#97081), and clients elsewhere get answers that they do not expect, which is as good as none.
 * @param hairpin endpoints that may reach themselves through the Service
 */
function ipvsDeliveries(
  policies: Policies,
  pools: EndpointPools,
  hairpin: readonly Endpoint[],
): IPVSDeliveries {
  return {
    internal: realServers(policies.internal, pools),
    external: policies.isExternallyAccessible ? realServers(policies.external, pools) : NONE,
    hairpin,
  };
}

function realServers(policy: TrafficPolicy, { cluster, local }: EndpointPools): readonly Endpoint[] {
  const pool = policy === 'Local' ? (local ?? cluster) : cluster;
  return pool?.endpoints ?? NONE;
}
