import { isHeadless, isProxied } from '../../../../kubernetes/services.ts';
import type { Service } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import { clusterIPField } from './cluster-ip-owners.ts';
import type { ServiceView } from './service-index.ts';

/** An address, port and protocol that a Service wants nodes to serve. */
export interface AddressClaim {
  readonly service: Service;
  readonly kind: 'clusterIP' | 'external IP' | 'load-balancer address';
  readonly ip: string;
  /** `443/TCP` */
  readonly port: string;
  readonly field: FieldPath;
}

/** A claim, and the one of another Service that was there before. */
export interface AddressConflict {
  readonly claim: AddressClaim;
  readonly first: AddressClaim;
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
  const conflicts: AddressConflict[] = [];
  const owners = new Map<string, AddressClaim>();
  for (const claim of [...services.flatMap(({ service }) => innerClaimsOf(service, contested)), ...outer]) {
    const key = `${claim.ip} ${claim.port}`;
    const first = owners.get(key);
    if (first === undefined) owners.set(key, claim);
    else if (first.service !== claim.service) conflicts.push({ claim, first });
  }
  return conflicts;
}

const NOTHING: readonly AddressClaim[] = [];

function innerClaimsOf(service: Service, contested: ReadonlySet<string>): readonly AddressClaim[] {
  if (!service.clusterIPs.some((ip) => contested.has(ip)) || !isProxied(service)) return NOTHING;
  return service.clusterIPs.flatMap((ip, index) =>
    claimsOf({ service, kind: 'clusterIP', ip, field: clusterIPField(index) }),
  );
}

function outerClaimsOf(service: Service): readonly AddressClaim[] {
  const { externalIPs, loadBalancerIngress } = service;
  if (isHeadless(service) || !isProxied(service)) return NOTHING;
  const external = externalIPs.flatMap((ip, index) =>
    claimsOf({ service, kind: 'external IP', ip, field: ['spec', 'externalIPs', index] }),
  );
  const field = ['status', 'loadBalancer', 'ingress'];
  const ingress = loadBalancerIngress.flatMap(({ ip, ipMode }) =>
    ipMode === 'VIP' ? claimsOf({ service, kind: 'load-balancer address', ip, field }) : NOTHING,
  );
  return [...external, ...ingress];
}

function claimsOf(claim: Omit<AddressClaim, 'port'>): readonly AddressClaim[] {
  return claim.service.ports.map(({ port, protocol }) => ({ ...claim, port: `${port}/${protocol}` }));
}
