import type { ServicePort } from '../../model/node-state.ts';

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
