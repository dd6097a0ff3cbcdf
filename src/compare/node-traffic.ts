import { type ReachedWays, reachedBy } from '../expect/reached-ways.ts';
import { knownAddresses, nodeFacts } from '../explain/connection/known-addresses.ts';
import {
  firstPacket,
  type NodeFacts,
  planConnection,
  type WantedClient,
} from '../explain/connection/plan-connection.ts';
import { askedOf, readComments } from '../explain/connection/saved-names.ts';
import { describeTarget, type Target, targetsOf } from '../explain/connection/targets.ts';
import { type Host, isLocal } from '../lang/packet/host.ts';
import { type L4Protocol, lowerCaseProtocol } from '../lang/packet/l4-protocol.ts';
import type { Firewall } from '../lang/packet/rules.ts';
import type { Cluster } from '../model/cluster.ts';
import { familyOf, joinHostPort } from '../model/ip.ts';
import type { NodeState, NodeStates } from '../model/node-state.ts';
import { dumpFirewall, dumpHost, type NodeDump, type SavedDump } from '../modes/dump/node-dump.ts';
import { MODES } from '../modes/index.ts';
import type { RuleSetting } from '../modes/mode.ts';
import { CHAINS } from '../render/netfilter/chains.ts';
import type { CommentId } from '../render/netfilter/comments.ts';
import { follow } from '../trace/follow.ts';

/** A kind of connections that the rules of a node treat in another way than is wanted. */
export interface TrafficDrift {
  /** `default/web` */
  readonly service: string;
  /** `the clusterIP of default/web:http` */
  readonly target: string;
  /** Who connects: `outside`, `pod`, `node`, or a range of loadBalancerSourceRanges. */
  readonly from: string;
  /** undefined: there are too many ways to tell. */
  readonly has: MetTraffic | undefined;
  readonly wanted: MetTraffic | undefined;
}

/** What becomes of a connection. */
export interface MetTraffic extends Pick<ReachedWays, 'kind' | 'isEven' | 'source'> {
  /** Sorted: `10.0.0.1:80`. */
  readonly endpoints: readonly string[];
}

/** An address and port that the node serves, and manifests do not want. */
export interface UnwantedAddress {
  /** `10.96.0.9:80/tcp`, `*:30080/tcp` for a nodePort. */
  readonly address: string;
  /** The Service, as the comment of the rule names it: `default/web`. */
  readonly service: string;
  readonly line: number;
}

/** What a node does with traffic, compared with what is wanted: its rules are laid out in a way that svcgen cannot make. */
export interface NodeTraffic {
  /** The versions of kube-proxy whose rules they are. */
  readonly by: string;
  /** How many Services are wanted. */
  readonly wanted: number;
  readonly differing: readonly TrafficDrift[];
  readonly unwanted: readonly UnwantedAddress[];
  /** NodePorts were left out: no address of the node is known. */
  readonly lacksNodeIP: boolean;
}

/** The node whose dump it is. */
export interface ComparedNodeFacts {
  readonly cluster: Cluster;
  readonly setting: RuleSetting;
  readonly nodeName: string | undefined;
  readonly nodeIPs: readonly string[];
  /** The versions of kube-proxy that the dump tells. */
  readonly by: string;
}

/** Sends the first packets of all kinds of connections through the rules of a node, and through those that are wanted. */
export function compareNodeTraffic(dump: NodeDump, states: NodeStates, node: ComparedNodeFacts): NodeTraffic {
  const all = [...states.values()];
  const services = new Set(all.flatMap(({ servicePorts }) => servicePorts.map(serviceOf)));
  const nodePorts = all.filter(({ servicePorts }) => servicePorts.some(({ nodePort }) => nodePort !== 0));
  return {
    by: node.by,
    wanted: services.size,
    differing: all.flatMap((state) => compareFamily(dump, state, node)),
    unwanted: dump.kind === 'saved' ? unwantedAddresses(dump, all) : [],
    lacksNodeIP: nodePorts.some(({ family }) => node.nodeIPs.every((ip) => familyOf(ip) !== family)),
  };
}

function serviceOf({ name: { namespace, name } }: Target['servicePort']): string {
  return `${namespace}/${name}`;
}

/** Rules, and what they can ask of the node. */
interface Side {
  readonly firewall: Firewall;
  readonly host: Host;
}

function compareFamily(dump: NodeDump, state: NodeState, node: ComparedNodeFacts): readonly TrafficDrift[] {
  const { family } = state;
  const mode = MODES[node.setting.mode];
  const [hostHas, hostWanted] = [dumpHost(dump, node.nodeIPs), mode.host(state, node.nodeIPs)];
  const has: Side = { firewall: dumpFirewall(dump, family, hostHas), host: hostHas };
  const wanted: Side = { firewall: mode.firewall(state, node.setting, hostWanted), host: hostWanted };
  const facts = nodeFacts(node.cluster, knownAddresses(node.cluster), {
    family,
    host: hostWanted,
    node: node.nodeName,
    nodeIP: node.nodeIPs.find((ip) => familyOf(ip) === family),
    state,
  });
  const clients = clientsOf(facts);
  return state.servicePorts.flatMap((servicePort) =>
    targetsOf(servicePort).flatMap((target) =>
      [...clients, ...admittedClients(target)].flatMap((client): TrafficDrift | readonly never[] => {
        const met = (side: Side) => meet(side, { client, target, facts });
        const [present, expected] = [met(has), met(wanted)];
        const isHere = target.ip === undefined || isLocal(hostWanted, target.ip);
        if (isSameTraffic(present, expected, isHere)) return [];
        const service = serviceOf(servicePort);
        return {
          service,
          target: describeTarget(target),
          from: client.name,
          has: present,
          wanted: expected,
        };
      }),
    ),
  );
}

interface Client extends WantedClient {
  readonly name: string;
}

const ANY_INTERFACE = { inInterface: undefined, outInterface: undefined };

/** One of each range from which a load balancer may be used. */
function admittedClients({ role, servicePort }: Target): readonly Client[] {
  if (role !== 'load balancer address') return [];
  return [...(servicePort.admitted?.ranges ?? [])].map((range) => ({
    name: range,
    ip: range.split('/')[0],
    origin: 'outside',
    ...ANY_INTERFACE,
  }));
}

/** One of each kind, as far as there is an address for it. */
function clientsOf({ family, nodeIP, podIPs, localDetector }: NodeFacts): readonly Client[] {
  const ofDetector = localDetector?.kind === 'cidr' ? localDetector.cidr.split('/')[0] : undefined;
  const pod = [...podIPs].find((ip) => familyOf(ip) === family) ?? ofDetector;
  return [
    { name: 'outside', ip: undefined, origin: 'outside', ...ANY_INTERFACE },
    ...(pod === undefined
      ? []
      : [{ name: 'pod', ip: pod, origin: undefined, ...ANY_INTERFACE } satisfies Client]),
    ...(nodeIP === undefined
      ? []
      : [{ name: 'node', ip: undefined, origin: 'node', ...ANY_INTERFACE } satisfies Client]),
  ];
}

interface Attempt {
  readonly client: Client;
  readonly target: Target;
  readonly facts: NodeFacts;
}

/** @returns undefined when it cannot be told, or nobody can try it */
function meet({ firewall, host }: Side, { client, target, facts }: Attempt): MetTraffic | undefined {
  const destination = target.ip ?? facts.nodeIP;
  if (destination === undefined) return undefined;
  const { port } = target;
  const protocol = lowerCaseProtocol(target.servicePort.protocol);
  const connection = planConnection(client, { destination, port, protocol }, facts);
  if (connection === undefined) return undefined;
  const followed = follow(firewall, host, firstPacket(connection, client, facts));
  if (followed.kind === 'too-many') return undefined;
  const { endpoints, ...met } = reachedBy(followed.ways);
  return { ...met, endpoints: endpoints.map(({ ip, port: own }) => joinHostPort(ip, own)).sort() };
}

/**
 * Whether clients notice no difference. @param isHere the address is one of the node's. Of another, nobody answers either
 * whether the node drops the packet or lets it pass: before 1.25, what KUBE-MARK-DROP marks was dropped in INPUT and OUTPUT only.
 */
function isSameTraffic(a: MetTraffic | undefined, b: MetTraffic | undefined, isHere: boolean): boolean {
  const keyOf = (met: MetTraffic | undefined) =>
    JSON.stringify(met?.kind === 'unserved' && !isHere ? { ...met, kind: 'dropped' } : met);
  return keyOf(a) === keyOf(b);
}

const ABOUT_ADDRESSES = ['clusterIP', 'externalIP', 'loadBalancerIP'] as const;

/** Where rules find the Service of an address, and of a nodePort: the comments there. */
const PLACES: Readonly<Record<string, readonly CommentId[]>> = {
  [CHAINS.services.name]: ABOUT_ADDRESSES,
  [CHAINS.nodePorts.name]: ['nodePort'],
};

/** What the dispatch chains of the table nat lead on that no Service has: each address and port once. */
function unwantedAddresses({ tables }: SavedDump, states: readonly NodeState[]): readonly UnwantedAddress[] {
  const wanted = new Set(states.flatMap(({ servicePorts }) => servicePorts.flatMap(targetsOf)).map(placeOf));
  const found = new Map<string, UnwantedAddress>();
  for (const { chains } of tables.filter(({ name }) => name === 'nat')) {
    for (const [chain, comments] of Object.entries(PLACES)) {
      for (const { matches, line } of chains.get(chain)?.rules ?? []) {
        const { ip, port, protocol, comment = '' } = askedOf(matches);
        const service = readComments(comments, comment)?.split(':')[0];
        if (port === undefined || protocol === undefined || service === undefined) continue;
        const address = formatPlace(ip, port, protocol);
        if (!wanted.has(address) && !found.has(address)) found.set(address, { address, service, line });
      }
    }
  }
  return [...found.values()];
}

function placeOf({ ip, port, servicePort }: Target): string {
  return formatPlace(ip, port, lowerCaseProtocol(servicePort.protocol));
}

/** @param ip undefined: any address of the node */
function formatPlace(ip: string | undefined, port: number, protocol: L4Protocol): string {
  return `${ip === undefined ? `*:${port}` : joinHostPort(ip, port)}/${protocol}`;
}
