import { invariant } from '../../diagnostic/invariant.ts';
import { formatSetEntry } from '../../lang/ipvs/print.ts';
import type { IPSet, IPSetEntry, IPVSRuleset, VirtualServer } from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import type { Protocol } from '../../model/cluster.ts';
import type { Endpoint, IPVSNode, NodeState, ServicePort } from '../../model/node-state.ts';
import { nameInFamily, SET_NAMES, SETS, type SetName } from '../netfilter/sets.ts';

/** What kube-proxy's ipvs mode (1.34) programs for this state, beside iptables rules. */
export function buildIPVS(state: NodeState): IPVSRuleset {
  const node = ipvsNodeOf(state);
  return {
    family: state.family,
    addresses: dummyAddresses(state, node),
    sets: [...buildIPSets(state).values()],
    virtualServers: virtualServers(state, node),
  };
}

/** The sets alone, by their IPv4 names. */
export function buildIPSets(state: NodeState): ReadonlyMap<SetName, IPSet> {
  const node = ipvsNodeOf(state);
  const entries = new Map(SET_NAMES.map((name) => [name, new Map<string, IPSetEntry>()]));
  for (const { set, entry } of setEntries(state, node)) entries.get(set)?.set(formatSetEntry(entry), entry);
  for (const ip of dummyAddresses(state, node)) entries.get('KUBE-IPVS-IPS')?.set(ip, { kind: 'ip', ip });
  return new Map(
    SET_NAMES.map((name) => [
      name,
      {
        name: nameInFamily(name, state.family),
        type: SETS[name].type,
        family: state.family,
        entries: [...(entries.get(name)?.values() ?? [])],
      },
    ]),
  );
}

/** Addresses that a host must have for IPVS to see their packets; those that the node has anyway are left out. */
function dummyAddresses({ servicePorts }: NodeState, node: IPVSNode): readonly string[] {
  const own = new Set(node.addresses);
  const addresses = new Set<string>();
  for (const { clusterIP, externalIPs, loadBalancerIPs } of servicePorts) {
    addresses.add(clusterIP);
    for (const ip of externalIPs) if (!own.has(ip)) addresses.add(ip);
    for (const ip of loadBalancerIPs) if (!own.has(ip)) addresses.add(ip);
  }
  return [...addresses];
}

function ipvsNodeOf({ ipvs }: NodeState): IPVSNode {
  invariant(ipvs !== undefined, 'the state is not one of ipvs mode');
  return ipvs;
}

const NONE: readonly Endpoint[] = [];

/**
 * The virtual servers of all service ports, those of NodePorts last. Where Services share an address and port, the
 * first one has it, as it would in iptables mode; in kube-proxy's ipvs mode chance decides.
 */
function virtualServers({ servicePorts }: NodeState, node: IPVSNode): VirtualServer[] {
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

/** An entry and the set that it belongs to. */
interface PlacedEntry {
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
function* setEntries({ servicePorts }: NodeState, node: IPVSNode): Generator<PlacedEntry> {
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
