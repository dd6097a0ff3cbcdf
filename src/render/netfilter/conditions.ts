import type { Delivery, EndpointPool, ServicePort } from '../../model/node-state.ts';

/** Connections to its nodePort, external or load-balancer addresses can reach an endpoint, if only from inside. */
export function isServedExternally({ external }: ServicePort): boolean {
  return external?.fromInside.kind === 'endpoints';
}

/** Load-balancer traffic passes a chain of its own, which lets the source ranges through. */
export function usesFirewall(servicePort: ServicePort): boolean {
  return (
    isServedExternally(servicePort) &&
    servicePort.loadBalancerIPs.length > 0 &&
    servicePort.sourceRanges.length > 0
  );
}

/** The pools that some delivery uses: the cluster's first, each once. */
export function poolsOf({ internal, external }: ServicePort): EndpointPool[] {
  const pools: EndpointPool[] = [];
  for (const scope of SCOPES) {
    const pool =
      poolOf(internal, scope) ?? poolOf(external?.fromOutside, scope) ?? poolOf(external?.fromInside, scope);
    if (pool !== undefined) pools.push(pool);
  }
  return pools;
}

const SCOPES = ['cluster', 'local'] as const;

function poolOf(delivery: Delivery | undefined, scope: EndpointPool['scope']): EndpointPool | undefined {
  return delivery?.kind === 'endpoints' && delivery.pool.scope === scope ? delivery.pool : undefined;
}
