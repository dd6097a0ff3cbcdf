import type { VirtualServer } from '../../lang/ipvs/ruleset.ts';
import type { Endpoint, IPVSNode, NodeState, ServicePort } from '../../model/node-state.ts';

const NONE: readonly Endpoint[] = [];

/**
 * The virtual servers of all service ports, those of NodePorts last. Where Services share an address and port, the
 * first one has it, as it would in iptables mode; in kube-proxy's ipvs mode chance decides.
 */
export function virtualServers({ servicePorts }: NodeState, node: IPVSNode): VirtualServer[] {
  const servers = new Map<string, VirtualServer>();
  const add = (server: VirtualServer) => {
    const key = `${server.protocol} ${server.ip} ${server.port}`;
    if (!servers.has(key)) servers.set(key, server);
  };
  for (const servicePort of servicePorts) {
    const { clusterIP, externalIPs, loadBalancerIPs, port, ipvs } = servicePort;
    add(virtualServer(servicePort, node, { ip: clusterIP, port, realServers: ipvs?.internal ?? NONE }));
    for (const ip of [...externalIPs, ...loadBalancerIPs]) {
      add(virtualServer(servicePort, node, { ip, port, realServers: ipvs?.external ?? NONE }));
    }
  }
  for (const servicePort of servicePorts) {
    const { nodePort: port, ipvs } = servicePort;
    if (port === 0) continue;
    for (const ip of node.nodePortAddresses) {
      add(virtualServer(servicePort, node, { ip, port, realServers: ipvs?.external ?? NONE }));
    }
  }
  return [...servers.values()];
}

function virtualServer(
  { protocol, sessionAffinitySeconds }: ServicePort,
  { settings }: IPVSNode,
  place: Pick<VirtualServer, 'ip' | 'port' | 'realServers'>,
): VirtualServer {
  return {
    protocol,
    ...place,
    scheduler: settings.scheduler,
    persistenceSeconds: sessionAffinitySeconds,
  };
}
