import { isHeadless, isProxied } from '../../../../kubernetes/services.ts';
import type { Service } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import { clusterIPField } from './cluster-ip-owners.ts';
import type { ServiceView } from './service-index.ts';

/** An address that a Service wants nodes to serve, on all of its ports. */
export interface AddressClaim {
  readonly service: Service;
  readonly kind: 'clusterIP' | 'external IP' | 'load-balancer address';
  readonly ip: string;
  readonly field: FieldPath;
}

/** A claim, and the one of another Service that was there before. */
export interface AddressConflict {
  readonly claim: AddressClaim;
  readonly first: AddressClaim;
  /** What both want of the address: `443/TCP`, in the order of the claim's Service. */
  readonly ports: readonly string[];
}

/**
 * Addresses outside the service range (external IPs, load-balancer addresses) that lead to two Services on one port.
 * The API server knows no owner of them, and a node sends all connections to the Service that comes first.
 * Cluster IPs come first, so it is the intruder that is named. A Service that lists an address twice is no conflict.
 * @param exposed those of them that clients outside the cluster can reach
 */
export function findAddressConflicts(
  services: readonly ServiceView[],
  exposed: readonly ServiceView[],
): readonly AddressConflict[] {
  const outer = exposed.flatMap(({ service }) => outerClaimsOf(service));
  if (outer.length === 0) return [];
  const contested = new Set(outer.map(({ ip }) => ip));
  const claims = [...services.flatMap(({ service }) => innerClaimsOf(service, contested)), ...outer];
  const numbers = new Map(claims.map(({ service }, index) => [service, index]));
  const known = new Map<string, readonly SharedPorts[]>();
  return rivalsIn(claims).flatMap((rivals) => {
    const key = rivals.map(({ service }) => numbers.get(service)).join();
    const shared = known.get(key) ?? sharedPorts(rivals.map(({ service }) => service));
    known.set(key, shared);
    return shared.flatMap(({ claim, first, ports }): readonly AddressConflict[] => {
      const [own, other] = [rivals[claim], rivals[first]];
      return own === undefined || other === undefined ? NOTHING : [{ claim: own, first: other, ports }];
    });
  });
}

/** Claims to one address each, where there are several. */
function rivalsIn(claims: readonly AddressClaim[]): readonly (readonly AddressClaim[])[] {
  const rivals = new Map<string, AddressClaim[]>();
  for (const claim of claims) {
    const others = rivals.get(claim.ip);
    if (others === undefined) rivals.set(claim.ip, [claim]);
    else others.push(claim);
  }
  return [...rivals.values()].filter(({ length }) => length > 1);
}

/** Ports of a Service in a list that one before it has. */
interface SharedPorts {
  readonly claim: number;
  readonly first: number;
  readonly ports: readonly string[];
}

/** Asked once for each list of Services: many addresses that have the same ones have the same conflicts. */
function sharedPorts(services: readonly Service[]): readonly SharedPorts[] {
  const owners = new Map<string, number>();
  return services.flatMap((service, claim) => {
    const taken = new Map<number, string[]>();
    for (const port of service.ports.map(({ port: number, protocol }) => `${number}/${protocol}`)) {
      const first = owners.get(port) ?? claim;
      owners.set(port, first);
      if (services[first] === service) continue;
      const ports = taken.get(first);
      if (ports === undefined) taken.set(first, [port]);
      else ports.push(port);
    }
    return [...taken].map(([first, ports]) => ({ claim, first, ports }));
  });
}

const NOTHING: readonly never[] = [];

function innerClaimsOf(service: Service, contested: ReadonlySet<string>): readonly AddressClaim[] {
  if (!service.clusterIPs.some((ip) => contested.has(ip)) || !isProxied(service)) return NOTHING;
  return service.clusterIPs.map((ip, index) => ({
    service,
    kind: 'clusterIP',
    ip,
    field: clusterIPField(index),
  }));
}

function outerClaimsOf(service: Service): readonly AddressClaim[] {
  const { externalIPs, loadBalancerIngress } = service;
  if (isHeadless(service) || !isProxied(service)) return NOTHING;
  const external = externalIPs.map<AddressClaim>((ip, index) => {
    return { service, kind: 'external IP', ip, field: ['spec', 'externalIPs', index] };
  });
  const field = ['status', 'loadBalancer', 'ingress'];
  const ingress = loadBalancerIngress.flatMap(({ ip, ipMode }): readonly AddressClaim[] =>
    ipMode === 'VIP' ? [{ service, kind: 'load-balancer address', ip, field }] : NOTHING,
  );
  return [...external, ...ingress];
}
