import type { IPSetEntry } from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Protocol } from '../../model/cluster.ts';
import type { IPVSNode, ServicePort } from '../../model/node-state.ts';
import type { SetName } from '../netfilter/sets.ts';

type EntriesOf = (servicePort: ServicePort) => readonly IPSetEntry[];
type EntriesOnNode = (servicePort: ServicePort, node: IPVSNode) => readonly IPSetEntry[];

const NONE: readonly IPSetEntry[] = [];

/** What one service port adds to sets; Services that share addresses may add the same. */
export const SERVICE_ENTRIES = {
  'KUBE-LOOP-BACK': ({ protocol, ipvs }) =>
    (ipvs?.hairpin ?? []).map(({ ip, port }) => ipPortPeer({ ip, port, protocol }, ip)),
  'KUBE-CLUSTER-IP': (servicePort) => [ipPort(servicePort, servicePort.clusterIP)],
  'KUBE-EXTERNAL-IP': (servicePort) => (keepsClientIP(servicePort) ? NONE : externalIPs(servicePort)),
  'KUBE-EXTERNAL-IP-LOCAL': (servicePort) => (keepsClientIP(servicePort) ? externalIPs(servicePort) : NONE),
  'KUBE-LOAD-BALANCER': loadBalancerIPs,
  'KUBE-LOAD-BALANCER-LOCAL': (servicePort) =>
    keepsClientIP(servicePort) ? loadBalancerIPs(servicePort) : NONE,
  'KUBE-LOAD-BALANCER-FW': (servicePort) =>
    servicePort.admitted === undefined ? NONE : loadBalancerIPs(servicePort),
  'KUBE-LOAD-BALANCER-SOURCE-CIDR': ({ protocol, port, admitted, loadBalancerIPs: ips }) => {
    const peers = (admitted?.ranges ?? []).flatMap(setRanges);
    return ips.flatMap((ip) => peers.map((peer) => ipPortPeer({ ip, port, protocol }, peer)));
  },
  'KUBE-LOAD-BALANCER-SOURCE-IP': ({ protocol, port, admitted, loadBalancerIPs: ips }) =>
    ips.filter((ip) => admitted?.ofNode.includes(ip)).map((ip) => ipPortPeer({ ip, port, protocol }, ip)),
} as const satisfies Partial<Record<SetName, EntriesOf>>;

/** The same for sets that ask where NodePorts of the node answer. */
export const NODE_PORT_ENTRIES = {
  'KUBE-NODE-PORT-TCP': nodePortsOf('TCP'),
  'KUBE-NODE-PORT-LOCAL-TCP': localNodePortsOf('TCP'),
  'KUBE-NODE-PORT-UDP': nodePortsOf('UDP'),
  'KUBE-NODE-PORT-LOCAL-UDP': localNodePortsOf('UDP'),
  'KUBE-NODE-PORT-SCTP-HASH': nodePortsOf('SCTP'),
  'KUBE-NODE-PORT-LOCAL-SCTP-HASH': localNodePortsOf('SCTP'),
  // Without an address for NodePorts kube-proxy skips the health check's port too.
  'KUBE-HEALTH-CHECK-NODE-PORT': ({ nodePort, healthCheckNodePort: port }, { nodePortAddresses }) =>
    port === 0 || (nodePort !== 0 && nodePortAddresses.length === 0) ? NONE : [{ kind: 'port', port }],
} as const satisfies Partial<Record<SetName, EntriesOnNode>>;

function nodePortsOf(protocol: Protocol): EntriesOnNode {
  return (servicePort, node) =>
    servicePort.protocol === protocol ? nodePortEntries(servicePort, node) : NONE;
}

function localNodePortsOf(protocol: Protocol): EntriesOnNode {
  const entriesOf = nodePortsOf(protocol);
  return (servicePort, node) => (keepsClientIP(servicePort) ? entriesOf(servicePort, node) : NONE);
}

/** Which bitmap:port can't tell protocols apart has entries of one protocol alone; SCTP's are of addresses too. */
function nodePortEntries(
  { nodePort: port, protocol }: ServicePort,
  { nodePortAddresses }: IPVSNode,
): readonly IPSetEntry[] {
  if (port === 0 || nodePortAddresses.length === 0) return NONE;
  if (protocol !== 'SCTP') return [{ kind: 'port', port }];
  return nodePortAddresses.map((ip) => ipPort({ protocol, port }, ip));
}

function keepsClientIP({ external }: ServicePort): boolean {
  return external?.keepsClientIP === true;
}

function externalIPs(servicePort: ServicePort): readonly IPSetEntry[] {
  return servicePort.externalIPs.map((ip) => ipPort(servicePort, ip));
}

function loadBalancerIPs(servicePort: ServicePort): readonly IPSetEntry[] {
  return servicePort.loadBalancerIPs.map((ip) => ipPort(servicePort, ip));
}

type PortAndProtocol = Pick<ServicePort, 'protocol' | 'port'>;

function ipPort({ protocol, port }: PortAndProtocol, ip: string): IPSetEntry {
  return { kind: 'ip-port', ip, protocol: lowerCaseProtocol(protocol), port };
}

function ipPortPeer(
  { ip, protocol, port }: PortAndProtocol & { readonly ip: string },
  peer: string,
): IPSetEntry {
  return { kind: 'ip-port-peer', ip, protocol: lowerCaseProtocol(protocol), port, peer };
}

/** A CIDR as sets spell it: they know no length 0, and leave the length of a single address out. */
function setRanges(cidr: string): readonly string[] {
  const isIPv6 = cidr.includes(':');
  if (cidr.endsWith('/0')) return isIPv6 ? ['::/1', '8000::/1'] : ['0.0.0.0/1', '128.0.0.0/1'];
  const hostLength = isIPv6 ? '/128' : '/32';
  return [cidr.endsWith(hostLength) ? cidr.slice(0, -hostLength.length) : cidr];
}
