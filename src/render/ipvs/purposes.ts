import type { VirtualServer } from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import { joinHostPort } from '../../model/ip.ts';
import { formatServicePortName, type NodeState, type ServicePort } from '../../model/node-state.ts';

/** The name of a virtual server, as `svcgen explain --to` takes it: `10.96.0.1:53/udp`. */
export function serverName({ ip, protocol, port }: Pick<VirtualServer, 'ip' | 'protocol' | 'port'>): string {
  return `${joinHostPort(ip, port)}/${lowerCaseProtocol(protocol)}`;
}

/** Which service port a virtual server is for, by its name: the first one that has its address and port. */
export function serverOwners({ servicePorts, ipvs }: NodeState): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const add = ({ name, protocol }: ServicePort, port: number, ips: readonly string[]) => {
    for (const ip of ips) {
      const server = serverName({ ip, protocol, port });
      if (!owners.has(server)) owners.set(server, formatServicePortName(name));
    }
  };
  for (const servicePort of servicePorts) {
    const { port, clusterIP, externalIPs, loadBalancerIPs } = servicePort;
    add(servicePort, port, [clusterIP, ...externalIPs, ...loadBalancerIPs]);
  }
  for (const servicePort of servicePorts)
    add(servicePort, servicePort.nodePort, ipvs?.nodePortAddresses ?? []);
  return owners;
}
