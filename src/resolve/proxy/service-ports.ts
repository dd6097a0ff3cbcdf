import type { EndpointSlice, Service, ServicePortSpec } from '../../model/cluster.ts';
import type { ServicePort } from '../../model/node-state.ts';
import { type Candidate, mergeCandidates } from './candidates.ts';
import { externalDelivery, internalDelivery, type Policies, poolsUsed } from './deliveries.ts';
import { endpointPools } from './endpoint-pools.ts';
import { ipvsDeliveries } from './ipvs-deliveries.ts';
import type { ServiceVIPs } from './service-vips.ts';
import type { NodeIdentity } from './topology.ts';

/** What a Service is on one node in one family. */
export interface ServiceOnNode {
  readonly service: Service;
  readonly vips: ServiceVIPs;
  /** Of the family, in order of name. */
  readonly slices: readonly EndpointSlice[];
  /** Its deliveries in ipvs mode are wanted too. */
  readonly isIPVS: boolean;
}

export interface ResolvedPort {
  readonly servicePort: ServicePort;
  /** All of its endpoints, usable or not. */
  readonly endpointCount: number;
  /** Why another node would serve it otherwise; undefined: all nodes serve it alike. */
  readonly dependence: NodeDependence | undefined;
}

/** What makes the traffic of a service port depend on the node. */
export type NodeDependence = 'internalTrafficPolicy' | 'externalTrafficPolicy' | 'hints' | 'zone-hints';

/** Decides where connections to one port of a Service go on this node. */
export function resolvePort(
  { service, vips, slices, isIPVS }: ServiceOnNode,
  port: ServicePortSpec,
  node: NodeIdentity,
): ResolvedPort {
  const candidates = mergeCandidates(slices, port, node.name);
  const policies = policiesOf(service, vips, port);
  const used = poolsUsed(policies);
  const pools = endpointPools(candidates, used, node);
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
    ipvs: isIPVS ? ipvsDeliveries(policies, pools, hairpinCandidates(candidates, node)) : undefined,
  };
  const dependence = pools.hasUsable ? dependenceOf(policies, used.local, pools.topology) : undefined;
  return { servicePort, endpointCount: candidates.length, dependence };
}

function hairpinCandidates(candidates: readonly Candidate[], { name }: NodeIdentity): readonly Candidate[] {
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
  usesLocal: boolean,
  topology: { readonly isHinted: boolean; readonly lacksZone: boolean },
): NodeDependence | undefined {
  if (topology.lacksZone) return 'zone-hints';
  if (usesLocal) return internal === 'Local' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  return topology.isHinted ? 'hints' : undefined;
}
