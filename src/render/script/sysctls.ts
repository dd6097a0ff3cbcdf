import type { IPFamily } from '../../model/cluster.ts';
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
 * @param guard the chain that keeps localhost NodePorts from being a hole
 */
export function neededSysctls(
  states: readonly NodeState[],
  { guard }: { readonly guard: string },
): readonly Sysctl[] {
  const [ipv4, ipv6] = [servedIn('IPv4', states), servedIn('IPv6', states)];
  const sysctls: Sysctl[] = [];
  if (ipv4 !== undefined) {
    sysctls.push({ name: 'net.ipv4.ip_forward', value: 1, reason: 'Endpoints are on other hosts.' });
  }
  if (ipv6 !== undefined) {
    const reason =
      'The same for IPv6. A host that gets its own routes from router advertisements needs accept_ra=2 with it.';
    sysctls.push({ name: 'net.ipv6.conf.all.forwarding', value: 1, reason });
  }
  if (ipv4 !== undefined && servesLocalhost(ipv4)) {
    const reason = `NodePorts answer on 127.0.0.1 too. ${guard} keeps neighbours from using it.`;
    sysctls.push({ name: 'net.ipv4.conf.all.route_localnet', value: 1, reason });
  }
  if (states.some(({ dropInvalid }) => !dropInvalid)) {
    const reason =
      'Packets outside their TCP window are not dropped, so conntrack must not call them invalid.';
    sysctls.push({ name: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 1, reason });
  }
  return sysctls;
}

function servedIn(family: IPFamily, states: readonly NodeState[]): NodeState | undefined {
  return states.find((state) => state.family === family && state.servicePorts.length > 0);
}

function servesLocalhost({ nodePortAddresses, servicePorts }: NodeState): boolean {
  if (servicePorts.every(({ nodePort }) => nodePort === 0)) return false;
  if (nodePortAddresses.kind === 'local') return nodePortAddresses.loopback;
  return nodePortAddresses.addresses.some((address) => address.startsWith('127.'));
}
