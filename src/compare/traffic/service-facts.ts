import { isHeadless, virtualIPs } from '../../kubernetes/services.ts';
import type { Service, ServicePortSpec } from '../../model/cluster.ts';
import { compareOutcomes, outcomesOf } from './outcomes.ts';
import { isAllocatedIP, isAllocatedNodePort, type ServiceTraffic } from './service-traffic.ts';
import type { AddressFact, Backends, PortFact, ServiceFacts } from './traffic-diff.ts';

/** What there is to say of a Service that comes or goes. */
export function serviceFacts(traffic: ServiceTraffic): ServiceFacts {
  const { service } = traffic;
  return {
    type: typeOf(service),
    addresses: addressFacts(traffic),
    ports: service.ports.map((port) => portFact(traffic, port)),
  };
}

/** `ClusterIP`, `headless`, `ExternalName smtp.example.com`, … */
export function typeOf(service: Service): string {
  return isHeadless(service) ? 'headless' : service.type;
}

/** `80/TCP`. */
export function formatPort({ port, protocol }: ServicePortSpec): string {
  return `${port}/${protocol}`;
}

/** undefined: none. */
export function portText(port: number): string | undefined {
  return port === 0 ? undefined : String(port);
}

function addressFacts({ service, allocated }: ServiceTraffic): readonly AddressFact[] {
  const fixed = (what: AddressFact['what'], address: string) => ({ what, address, isAllocated: false });
  return [
    ...virtualIPs(service).map(
      (address): AddressFact => ({
        what: 'clusterIP',
        address,
        isAllocated: isAllocatedIP(allocated, address),
      }),
    ),
    ...service.externalIPs.map((ip) => fixed('externalIP', ip)),
    ...service.loadBalancerIngress.map(({ ip }) => fixed('load balancer', ip)),
  ];
}

function portFact(traffic: ServiceTraffic, port: ServicePortSpec): PortFact {
  const isAllocated = isAllocatedNodePort(traffic.allocated, port);
  return {
    name: port.name,
    port: formatPort(port),
    nodePort: port.nodePort === 0 ? undefined : { port: port.nodePort, isAllocated },
    backends: backendsOf(traffic, port),
  };
}

/** What clients of a port meet, family by family: as when all of it came. */
function backendsOf(traffic: ServiceTraffic, port: ServicePortSpec): readonly Backends[] {
  return outcomesOf(traffic, port).flatMap((outcomes) => {
    const family = traffic.served.size > 1 ? outcomes.family : undefined;
    const changes = compareOutcomes(undefined, outcomes);
    return changes.map(({ clients, after }) => ({ clients, family, outcome: after }));
  });
}
