import type { VirtualServer } from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import { joinHostPort } from '../../model/ip.ts';
import { formatServicePortName, type NodeState, type ServicePort } from '../../model/node-state.ts';
import type { SetName } from './sets.ts';

/** What the sets of ipvs mode hold. */
export const SET_PURPOSES: Readonly<Record<SetName, string>> = {
  'KUBE-LOOP-BACK': 'endpoints that may reach themselves',
  'KUBE-CLUSTER-IP': 'ports of clusterIPs',
  'KUBE-EXTERNAL-IP': 'ports of externalIPs',
  'KUBE-EXTERNAL-IP-LOCAL': 'ports of externalIPs under a Local policy',
  'KUBE-LOAD-BALANCER': 'ports of load balancers',
  'KUBE-LOAD-BALANCER-FW': 'ports of load balancers that only some clients may use',
  'KUBE-LOAD-BALANCER-LOCAL': 'ports of load balancers under a Local policy',
  'KUBE-LOAD-BALANCER-SOURCE-IP': 'load balancers that the node itself may use',
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': 'loadBalancerSourceRanges',
  'KUBE-NODE-PORT-TCP': 'nodePorts',
  'KUBE-NODE-PORT-LOCAL-TCP': 'nodePorts under a Local policy',
  'KUBE-NODE-PORT-UDP': 'nodePorts',
  'KUBE-NODE-PORT-LOCAL-UDP': 'nodePorts under a Local policy',
  'KUBE-NODE-PORT-SCTP-HASH': 'nodePorts',
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': 'nodePorts under a Local policy',
  'KUBE-HEALTH-CHECK-NODE-PORT': 'health checks of load balancers',
  'KUBE-IPVS-IPS': 'addresses of Services that the node has',
};

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
