import type { NodeState } from '../../model/node-state.ts';

export interface Sysctl {
  readonly name: string;
  readonly value: number;
  /** For a comment. */
  readonly reason: string;
}

/**
 * Kernel settings without which the rules don't do what they say. kube-proxy sets the last two itself, forwarding is
 * left to the kubelet and the network plugin, which a bare host does not have.
 */
export function neededSysctls(ipv4: NodeState, ipv6: NodeState): readonly Sysctl[] {
  const sysctls: Sysctl[] = [];
  if (ipv4.servicePorts.length > 0) {
    sysctls.push({ name: 'net.ipv4.ip_forward', value: 1, reason: 'Endpoints are on other hosts.' });
  }
  if (ipv6.servicePorts.length > 0) {
    const reason =
      'The same for IPv6. A host that gets its own routes from router advertisements needs accept_ra=2 with it.';
    sysctls.push({ name: 'net.ipv6.conf.all.forwarding', value: 1, reason });
  }
  if (servesLocalhost(ipv4)) {
    const reason = 'NodePorts answer on 127.0.0.1 too. KUBE-FIREWALL keeps neighbours from using it.';
    sysctls.push({ name: 'net.ipv4.conf.all.route_localnet', value: 1, reason });
  }
  if (!ipv4.dropInvalid) {
    const reason =
      'Packets outside their TCP window are not dropped, so conntrack must not call them invalid.';
    sysctls.push({ name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 1, reason });
  }
  return sysctls;
}

function servesLocalhost({ localhostNodePorts, nodePortAddresses, servicePorts }: NodeState): boolean {
  if (!localhostNodePorts || servicePorts.every(({ nodePort }) => nodePort === 0)) return false;
  return (
    nodePortAddresses.kind === 'local' ||
    nodePortAddresses.addresses.some((address) => address.startsWith('127.'))
  );
}
