import type { IPSetEntry } from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Protocol } from '../../model/cluster.ts';
import type { IPVSNode, NodeState, ServicePort } from '../../model/node-state.ts';
import type { SetName } from '../netfilter/sets.ts';

/** An entry and the set that it belongs to. */
export interface PlacedEntry {
  readonly set: SetName;
  readonly entry: IPSetEntry;
}

interface NodePortSets {
  readonly all: SetName;
  readonly local: SetName;
  /** Which bitmap:port can't tell protocols apart has entries of one protocol alone; SCTP's are of addresses too. */
  readonly ofPorts: boolean;
}

const NODE_PORT_SETS: Readonly<Record<Protocol, NodePortSets>> = {
  TCP: { all: 'KUBE-NODE-PORT-TCP', local: 'KUBE-NODE-PORT-LOCAL-TCP', ofPorts: true },
  UDP: { all: 'KUBE-NODE-PORT-UDP', local: 'KUBE-NODE-PORT-LOCAL-UDP', ofPorts: true },
  SCTP: { all: 'KUBE-NODE-PORT-SCTP-HASH', local: 'KUBE-NODE-PORT-LOCAL-SCTP-HASH', ofPorts: false },
};

/** What the sets hold, but for KUBE-IPVS-IPS; an entry may come more than once, when Services share addresses. */
export function* setEntries({ servicePorts }: NodeState, node: IPVSNode): Generator<PlacedEntry> {
  for (const servicePort of servicePorts) {
    yield* hairpinEntries(servicePort);
    yield { set: 'KUBE-CLUSTER-IP', entry: ipPort(servicePort, servicePort.clusterIP) };
    yield* externalIPEntries(servicePort);
    for (const ip of servicePort.loadBalancerIPs) yield* loadBalancerEntries(servicePort, ip);
    yield* nodePortEntries(servicePort, node);
  }
}

function* hairpinEntries({ protocol, ipvs }: ServicePort): Generator<PlacedEntry> {
  for (const { ip, port } of ipvs?.hairpin ?? []) {
    yield { set: 'KUBE-LOOP-BACK', entry: ipPortPeer({ ip, port, protocol }, ip) };
  }
}

function* externalIPEntries(servicePort: ServicePort): Generator<PlacedEntry> {
  const set = servicePort.external?.keepsClientIP ? 'KUBE-EXTERNAL-IP-LOCAL' : 'KUBE-EXTERNAL-IP';
  for (const ip of servicePort.externalIPs) yield { set, entry: ipPort(servicePort, ip) };
}

function* loadBalancerEntries(servicePort: ServicePort, ip: string): Generator<PlacedEntry> {
  const entry = ipPort(servicePort, ip);
  yield { set: 'KUBE-LOAD-BALANCER', entry };
  if (servicePort.external?.keepsClientIP) yield { set: 'KUBE-LOAD-BALANCER-LOCAL', entry };
  const { protocol, port, admitted } = servicePort;
  if (admitted === undefined) return;
  yield { set: 'KUBE-LOAD-BALANCER-FW', entry };
  for (const peer of admitted.ranges.flatMap(setRanges)) {
    yield { set: 'KUBE-LOAD-BALANCER-SOURCE-CIDR', entry: ipPortPeer({ ip, port, protocol }, peer) };
  }
  if (!admitted.ofNode.includes(ip)) return;
  yield { set: 'KUBE-LOAD-BALANCER-SOURCE-IP', entry: ipPortPeer({ ip, port, protocol }, ip) };
}

/** Without an address for NodePorts kube-proxy skips the health check's port too. */
function* nodePortEntries(servicePort: ServicePort, node: IPVSNode): Generator<PlacedEntry> {
  const { nodePort, healthCheckNodePort, protocol } = servicePort;
  if (nodePort !== 0) {
    if (node.nodePortAddresses.length === 0) return;
    const { all, local, ofPorts } = NODE_PORT_SETS[protocol];
    const entries: readonly IPSetEntry[] = ofPorts
      ? [{ kind: 'port', port: nodePort }]
      : node.nodePortAddresses.map((ip) => ipPort({ protocol, port: nodePort }, ip));
    for (const entry of entries) {
      yield { set: all, entry };
      if (servicePort.external?.keepsClientIP) yield { set: local, entry };
    }
  }
  if (healthCheckNodePort === 0) return;
  yield { set: 'KUBE-HEALTH-CHECK-NODE-PORT', entry: { kind: 'port', port: healthCheckNodePort } };
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
