import type {
  IPSetEntry,
  IPVSRuleset,
  SavedIPVS,
  SavedServer,
  VirtualServer,
} from '../../lang/ipvs/ruleset.ts';
import { lowerCaseProtocol } from '../../lang/packet/l4-protocol.ts';
import { cidrContains, familyOf, joinHostPort } from '../../model/ip.ts';
import { formatServicePortName, type NodeState, type ServicePort } from '../../model/node-state.ts';
import { knownSet } from '../netfilter/sets.ts';

/** What tells virtual servers of ours from those of others. */
export interface OwnPlaces {
  readonly state: NodeState;
  readonly wanted: IPVSRuleset;
  readonly saved: SavedIPVS;
}

/**
 * The virtual servers of a node that are ours, as the script of ipvs mode tells them that removes what is stale: sets of
 * the node name them, or their address is on the dummy device (a set says so) or shall be, or it is the node's own and
 * the port is a nodePort.
 */
export function ownServers({ state, wanted, saved }: OwnPlaces): readonly SavedServer[] {
  const { family, ipvs } = state;
  const excluded = ipvs?.settings.excludeCIDRs ?? [];
  const known = knownPlaces(saved, wanted);
  const ofNode = new Set([...(ipvs?.addresses ?? []), ...(ipvs?.nodePortAddresses ?? [])]);
  return (saved.virtualServers ?? []).filter(({ protocol, ip, port }) => {
    if (familyOf(ip) !== family || excluded.some((cidr) => cidrContains(cidr, ip))) return false;
    if (known.has(ip) || known.has(`${ip} ${protocol} ${port}`)) return true;
    return ofNode.has(ip) && known.has(`${protocol} ${port}`);
  });
}

/** Addresses (`10.96.0.1`), ports of addresses (`10.96.0.1 TCP 80`) and nodePorts (`TCP 30080`). */
function knownPlaces({ sets }: SavedIPVS, { family, addresses }: IPVSRuleset): ReadonlySet<string> {
  const places = new Set(addresses);
  for (const { name, type, family: own, elements } of sets?.values() ?? []) {
    const known = knownSet(name);
    if (known?.servers === undefined || family !== (type === 'bitmap:port' ? known.family : own)) continue;
    for (const { entry } of elements) if (entry !== undefined) places.add(placeOf(entry, known.servers));
  }
  return places;
}

function placeOf(entry: IPSetEntry, protocol: string): string {
  switch (entry.kind) {
    case 'ip':
      return entry.ip;
    case 'net':
      return entry.net;
    case 'net-port':
      return `${entry.net} ${entry.protocol.toUpperCase()} ${entry.port}`;
    case 'port':
      return `${protocol} ${entry.port}`;
    default:
      return `${entry.ip} ${entry.protocol.toUpperCase()} ${entry.port}`;
  }
}

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
