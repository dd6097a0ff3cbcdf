import type { Delivery, Endpoint, ServicePort } from '../../model/node-state.ts';

type Endpoints = readonly Endpoint[];

/**
 * Whether two nodes serve one port of a Service alike: to the same endpoints, whichever of them are on the node, and
 * whichever may reach themselves. Its addresses are taken to be the same.
 */
export function isAlike(one: ServicePort, other: ServicePort): boolean {
  return (
    haveSamePools(one, other) &&
    isSameExternal(one, other) &&
    isSame(one.internal, other.internal) &&
    areSame(one.reachable, other.reachable) &&
    areSame(one.serving, other.serving) &&
    areSame(one.ipvs?.internal, other.ipvs?.internal) &&
    areSame(one.ipvs?.external, other.ipvs?.external)
  );
}

function haveSamePools(one: ServicePort, other: ServicePort): boolean {
  if (one.pools.length !== other.pools.length) return false;
  return one.pools.every((pool, index) => {
    const twin = other.pools[index];
    if (twin === undefined || pool.scope !== twin.scope) return false;
    const isWhole = pool.endpoints === one.reachable && twin.endpoints === other.reachable;
    return isWhole || areSame(pool.endpoints, twin.endpoints);
  });
}

function isSameExternal({ external: one }: ServicePort, { external: other }: ServicePort): boolean {
  if (one === undefined || other === undefined) return one === other;
  return isSame(one.fromOutside, other.fromOutside) && isSame(one.fromInside, other.fromInside);
}

/** Pools of one scope are compared by themselves. */
function isSame(one: Delivery, other: Delivery): boolean {
  if (one.kind !== 'endpoints' || other.kind !== 'endpoints') return one.kind === other.kind;
  return one.pool.scope === other.pool.scope;
}

function areSame(one: Endpoints | undefined, other: Endpoints | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || one.length !== other?.length) return false;
  return one.every(({ hostPort, spelledIP }, index) => {
    const twin = other[index];
    return hostPort === twin?.hostPort && spelledIP === twin.spelledIP;
  });
}
