import type { AdmittedSources, Delivery, Endpoint, ServicePort } from '../../model/node-state.ts';

/** Whether a service port has the same rules and the same traffic on both sides. Names are not looked at. */
export function isSamePort(a: ServicePort, b: ServicePort): boolean {
  return (
    VALUES.every((field) => a[field] === b[field]) &&
    LISTS.every((field) => isSameList(a[field], b[field])) &&
    isSameAdmission(a.admitted, b.admitted) &&
    a.external?.keepsClientIP === b.external?.keepsClientIP &&
    isSameDelivery(a.internal, b.internal) &&
    isSameDelivery(a.external?.fromOutside, b.external?.fromOutside) &&
    isSameDelivery(a.external?.fromInside, b.external?.fromInside) &&
    isSameEndpoints(a.reachable, b.reachable)
  );
}

/** What is left of a service port beside its name and where connections go. */
const VALUES = ['clusterIP', 'port', 'nodePort', 'healthCheckNodePort', 'sessionAffinitySeconds'] as const;
const LISTS = ['externalIPs', 'loadBalancerIPs'] as const;

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function isSameAdmission(a: AdmittedSources | undefined, b: AdmittedSources | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return isSameList(a.ranges, b.ranges) && isSameList(a.ofNode, b.ofNode);
}

function isSameDelivery(a: Delivery | undefined, b: Delivery | undefined): boolean {
  if (a?.kind !== 'endpoints' || b?.kind !== 'endpoints') return a?.kind === b?.kind;
  return a.pool.scope === b.pool.scope && isSameEndpoints(a.pool.endpoints, b.pool.endpoints);
}

/** Addresses are compared apart from ports: joined texts would have to be made first. */
function isSameEndpoints(a: readonly Endpoint[], b: readonly Endpoint[]): boolean {
  if (a.length !== b.length) return false;
  return a.every(({ ip, port, isLocal }, index) => {
    const other = b[index];
    return other?.ip === ip && other.port === port && other.isLocal === isLocal;
  });
}
