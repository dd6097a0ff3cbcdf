import type { Service } from '../../../../model/cluster.ts';
import type { FieldPath } from '../../../../model/field-path.ts';
import type { ServiceView } from './service-index.ts';

/** A port of every node that a Service asks for by number. */
export interface NodePortClaim {
  readonly service: Service;
  readonly kind: 'nodePort' | 'healthCheckNodePort';
  readonly number: number;
  readonly field: FieldPath;
}

/** A claim, and the one of another Service that was there before. */
export interface NodePortConflict {
  readonly claim: NodePortClaim;
  readonly first: NodePortClaim;
}

/**
 * Numbers that two Services ask for. Like the API server's allocator (pkg/registry/core/service/portallocator, 1.34)
 * it knows no protocols: only within one Service can TCP and UDP share a number. What one Service does to itself is
 * for other rules.
 */
export function findNodePortConflicts(services: readonly ServiceView[]): readonly NodePortConflict[] {
  const conflicts: NodePortConflict[] = [];
  const claims = new Map<number, NodePortClaim>();
  for (const { service } of services) {
    if (service.type !== 'NodePort' && service.type !== 'LoadBalancer') continue;
    for (const claim of claimsOf(service)) {
      const first = claims.get(claim.number);
      if (first === undefined) claims.set(claim.number, claim);
      else if (first.service !== service) conflicts.push({ claim, first });
    }
  }
  return conflicts;
}

function claimsOf(service: Service): readonly NodePortClaim[] {
  const { ports, healthCheckNodePort } = service;
  const claims: NodePortClaim[] = [];
  for (const [index, { nodePort }] of ports.entries()) {
    if (nodePort === 0) continue;
    claims.push({ service, kind: 'nodePort', number: nodePort, field: ['spec', 'ports', index, 'nodePort'] });
  }
  if (healthCheckNodePort === 0) return claims;
  const field = ['spec', 'healthCheckNodePort'];
  return [...claims, { service, kind: 'healthCheckNodePort', number: healthCheckNodePort, field }];
}
