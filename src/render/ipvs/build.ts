import { invariant } from '../../diagnostic/invariant.ts';
import { formatSetEntry } from '../../lang/ipvs/print.ts';
import type { IPSet, IPSetEntry, IPVSRuleset, VirtualServer } from '../../lang/ipvs/ruleset.ts';
import { concat } from '../../lang/text/concat.ts';
import { firstByKey, type Items, inParts, type ListPart, madeOfEach } from '../../lang/text/in-parts.ts';
import type { Endpoint, IPVSNode, NodeState, ServicePort } from '../../model/node-state.ts';
import { nameInFamily, SET_NAMES, SETS, type SetName } from '../netfilter/sets.ts';
import { type IPVSMemory, ipvsMemory } from './memory.ts';
import { NODE_PORT_ENTRIES, SERVICE_ENTRIES } from './set-entries.ts';

/** What a node serves in one family, with what is kept for the next nodes. */
interface Building {
  readonly node: IPVSNode;
  /** As on this node. */
  readonly servicePorts: readonly ServicePort[];
  /** Those that stand for them, whichever endpoints are on the node. */
  readonly alike: readonly ServicePort[];
  readonly memory: IPVSMemory;
}

/** What kube-proxy's ipvs mode (1.34) programs for this state, beside iptables rules. */
export function buildIPVS(state: NodeState, memory = ipvsMemory()): IPVSRuleset {
  const building = startBuilding(state, memory);
  const sets = [...setsOf(state, building).values()];
  const addresses = inParts([...dummyAddresses(building)]);
  return { family: state.family, addresses, sets, virtualServers: virtualServers(building) };
}

/** The sets alone, by their IPv4 names. */
export function buildIPSets(state: NodeState, memory = ipvsMemory()): ReadonlyMap<SetName, IPSet> {
  return setsOf(state, startBuilding(state, memory));
}

function startBuilding({ servicePorts, ipvs: node }: NodeState, memory: IPVSMemory): Building {
  invariant(node !== undefined, 'the state is not one of ipvs mode');
  return { node, servicePorts, alike: memory.alike(servicePorts, (one) => one), memory };
}

function setsOf({ family }: NodeState, building: Building): ReadonlyMap<SetName, IPSet> {
  return new Map(
    SET_NAMES.map((name) => {
      const entries = inParts([...firstByKey(entryParts(name, building), formatSetEntry)]);
      return [name, { name: nameInFamily(name, family), type: SETS[name].type, family, entries }];
    }),
  );
}

function entryParts(name: SetName, building: Building): Iterable<ListPart<IPSetEntry>> {
  const { node, servicePorts, alike, memory } = building;
  if (name === 'KUBE-IPVS-IPS') {
    const part = memory.entries({ name, madeFor: '' });
    return madeOfEach(dummyAddresses(building), (addresses) =>
      part(addresses, ({ items }) => items.map((ip) => ({ kind: 'ip', ip }))),
    );
  }
  if (isOfNodePorts(name)) {
    const part = memory.entries({ name, madeFor: node.nodePortAddresses.join(' ') });
    const entriesOf = (each: ServicePort) => NODE_PORT_ENTRIES[name](each, node);
    return madeOfEach(alike, (each) => part(each, entriesOf));
  }
  const part = memory.entries({ name, madeFor: '' });
  // The only set that asks which endpoints are on the node.
  const ports = name === 'KUBE-LOOP-BACK' ? servicePorts : alike;
  return madeOfEach(ports, (each) => part(each, SERVICE_ENTRIES[name]));
}

function isOfNodePorts(name: SetName): name is keyof typeof NODE_PORT_ENTRIES {
  return name in NODE_PORT_ENTRIES;
}

/** Addresses that a host must have for IPVS to see their packets; those that the node has anyway are left out. */
function dummyAddresses({ alike, node, memory }: Building): Iterable<ListPart<string>> {
  const own = new Set(node.addresses);
  const part = memory.addresses({ name: 'dummy', madeFor: '' });
  const isOwn = (ip: string) => own.has(ip);
  const parts = madeOfEach(alike, (servicePort): ListPart<string> => {
    const { clusterIP, externalIPs, loadBalancerIPs } = servicePort;
    if (!externalIPs.some(isOwn) && !loadBalancerIPs.some(isOwn)) return part(servicePort, addressesOf);
    const others = [...externalIPs, ...loadBalancerIPs].filter((ip) => !isOwn(ip));
    return { items: [clusterIP, ...others] };
  });
  return firstByKey(parts, (ip) => ip);
}

function addressesOf({ clusterIP, externalIPs, loadBalancerIPs }: ServicePort): readonly string[] {
  return [clusterIP, ...externalIPs, ...loadBalancerIPs];
}

const NONE: readonly Endpoint[] = [];

/**
 * The virtual servers of all service ports, those of NodePorts last. Where Services share an address and port, the
 * first one has it, as it would in iptables mode; in kube-proxy's ipvs mode chance decides.
 */
function virtualServers({ alike, node, memory }: Building): Items<VirtualServer> {
  const ofAddresses = memory.servers({ name: 'addresses', madeFor: '' });
  const ofNodePorts = memory.servers({ name: 'nodePorts', madeFor: node.nodePortAddresses.join(' ') });
  const parts = concat([
    madeOfEach(alike, (each) => ofAddresses(each, (servicePort) => addressServers(servicePort, node))),
    madeOfEach(alike, (each) => ofNodePorts(each, (servicePort) => nodePortServers(servicePort, node))),
  ]);
  return inParts([...firstByKey(parts, ({ protocol, ip, port }) => `${protocol} ${ip} ${port}`)]);
}

function addressServers(servicePort: ServicePort, node: IPVSNode): readonly VirtualServer[] {
  const { clusterIP, externalIPs, loadBalancerIPs, port, ipvs } = servicePort;
  const realServers = ipvs?.external ?? NONE;
  return [
    virtualServer(servicePort, node, { ip: clusterIP, port, realServers: ipvs?.internal ?? NONE }),
    ...[...externalIPs, ...loadBalancerIPs].map((ip) =>
      virtualServer(servicePort, node, { ip, port, realServers }),
    ),
  ];
}

function nodePortServers(servicePort: ServicePort, node: IPVSNode): readonly VirtualServer[] {
  const { nodePort: port, ipvs } = servicePort;
  if (port === 0) return [];
  const realServers = ipvs?.external ?? NONE;
  return node.nodePortAddresses.map((ip) => virtualServer(servicePort, node, { ip, port, realServers }));
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
