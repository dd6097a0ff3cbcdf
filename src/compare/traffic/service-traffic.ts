import { type IPFamily, objectKey, type Service, type ServicePortSpec } from '../../model/cluster.ts';
import type { NodeState, ServicePort } from '../../model/node-state.ts';

/** What was allocated for one Service; what was not is left out. */
export interface Allocated {
  readonly clusterIPs?: readonly string[];
  /** By name and protocol of the port: `http/TCP`. */
  readonly nodePorts?: Readonly<Record<string, number>>;
  readonly healthCheckNodePort?: number;
}

/** svcgen chose this clusterIP. */
export function isAllocatedIP({ clusterIPs }: Allocated, ip: string | undefined): boolean {
  return ip !== undefined && clusterIPs?.includes(ip) === true;
}

/** svcgen chose the nodePort of this port. */
export function isAllocatedNodePort({ nodePorts }: Allocated, port: ServicePortSpec): boolean {
  return port.nodePort !== 0 && nodePorts?.[`${port.name}/${port.protocol}`] === port.nodePort;
}

/** One side of a comparison. */
export interface DiffSide {
  /** With everything allocated, sorted. */
  readonly services: readonly Service[];
  /** By `namespace/name`. */
  readonly allocated: Readonly<Record<string, Allocated>>;
  /** What clients meet, in the families that are compared. Without a node: as if no policy was Local. */
  readonly states: ReadonlyMap<IPFamily, NodeState>;
  /**
   * Where the endpoints of a Service are and for whom, by address, as far as nodes go by that. undefined: a node is
   * given, so that the states say it all.
   */
  readonly placesOf: ((service: Service) => ReadonlyMap<string, string>) | undefined;
}

/** A Service and what nodes make of it. */
export interface ServiceTraffic {
  /** `namespace/name`. */
  readonly name: string;
  readonly service: Service;
  readonly allocated: Allocated;
  /** Its ports in each family that nodes serve, by family. Empty: nodes do not serve it (headless, ExternalName, …). */
  readonly served: ReadonlyMap<IPFamily, readonly ServicePort[]>;
}

/** A Service that is on both sides. */
export interface KeptService {
  readonly before: ServiceTraffic;
  readonly after: ServiceTraffic;
}

const NOTHING: Allocated = {};

/** Everything that is compared of one side, in order of name. */
export function trafficOf({ services, allocated, states }: DiffSide): readonly ServiceTraffic[] {
  const ports = [...states].map(([family, state]) => [family, portsByService(state)] as const);
  return services.map((service) => {
    const name = objectKey(service);
    const served = new Map<IPFamily, readonly ServicePort[]>();
    for (const [family, byService] of ports) {
      const own = byService.get(name);
      if (own !== undefined) served.set(family, own);
    }
    return { name, service, allocated: allocated[name] ?? NOTHING, served };
  });
}

/** Ports of Services in one family, by `namespace/name`. */
export function portsByService({ servicePorts }: NodeState): ReadonlyMap<string, readonly ServicePort[]> {
  const byService = new Map<string, ServicePort[]>();
  for (const servicePort of servicePorts) {
    const key = objectKey(servicePort.name);
    const others = byService.get(key);
    if (others === undefined) byService.set(key, [servicePort]);
    else others.push(servicePort);
  }
  return byService;
}
