import type { AdmittedSources, ServicePort } from '../../model/node-state.ts';

/**
 * Whom a chain of its own lets through to the load-balancer addresses of a service port; undefined: it needs none.
 * Where nothing is served, everybody is refused alike.
 */
export function firewallOf({ external, admitted }: ServicePort): AdmittedSources | undefined {
  return external?.isServed ? admitted : undefined;
}
