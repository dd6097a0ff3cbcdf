import { invariant } from '../../diagnostic/invariant.ts';
import { formatSetEntry } from '../../lang/ipvs/print.ts';
import type { IPSet, IPSetEntry, IPVSRuleset, VirtualServer } from '../../lang/ipvs/ruleset.ts';
import type { Endpoint, IPVSNode, NodeState, ServicePort } from '../../model/node-state.ts';
import { nameInFamily, SET_NAMES, SETS, type SetName } from '../netfilter/sets.ts';
import { setEntries } from './set-entries.ts';

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
