import { listNames } from '../../diagnostic/report.ts';
import type { Match } from '../../lang/iptables/matches/match.ts';
import type { SavedRule, SavedTable } from '../../lang/iptables/ruleset.ts';
import type { SavedIPVS, SavedServer } from '../../lang/ipvs/ruleset.ts';
import { type Host, isLocal } from '../../lang/packet/host.ts';
import { familyOf } from '../../model/ip.ts';
import type { NodeState } from '../../model/node-state.ts';
import { CHAINS } from '../../render/netfilter/chains.ts';
import { labelIn } from '../../render/netfilter/comments.ts';
import { describeTarget, type Target } from '../connection/targets.ts';
import type { Connection } from '../explanation.ts';

/** Why no rule of a Service matches what goes to a NodePort. */
export function nodePortCause({ destination, port }: Pick<Connection, 'destination' | 'port'>): string {
  return `NodePort ${port} does not answer on ${destination}`;
}

/** Localhost has NodePorts in iptables mode and for IPv4 alone (route_localnet); other addresses are chosen. */
export function unservedNodePort(
  target: Target,
  { destination }: Connection,
  state: NodeState | undefined,
): readonly string[] {
  const isLoopback = destination.startsWith('127.') || destination === '::1';
  const served =
    state?.nodePortAddresses.kind === 'addresses'
      ? state.nodePortAddresses.addresses
      : [state?.nodeIP].flatMap((ip) => ip ?? []);
  const instead = served.length === 0 ? 'an address of the node' : listNames(served);
  const why = isLoopback
    ? `on localhost only iptables mode serves them, for IPv4 and unless --iptables-localhost-nodeports is false; take ${instead}`
    : `it is none of those that --nodeport-addresses chooses: ${served.length === 0 ? 'there are none' : listNames(served)}`;
  return [
    `${target.port} is ${describeTarget(target)}, but NodePorts do not answer on ${destination}: ${why}`,
  ];
}

/** Somebody asks an address for a nodePort that does not have it. */
export function nodePortElsewhere(
  target: Target,
  { destination, protocol }: Connection,
  host: Host,
): readonly string[] {
  const what = describeTarget(target);
  const itsProtocol = target.servicePort.protocol;
  if (itsProtocol.toLowerCase() !== protocol)
    return [`${target.port}/${itsProtocol} is ${what}: add /${itsProtocol.toLowerCase()}`];
  if (isLocal(host, destination))
    return [
      `${target.port} is ${what}, but NodePorts do not answer on ${destination} (--nodeport-addresses)`,
    ];
  return [
    `${target.port} is ${what}, which answers on addresses of the node; ${destination} is none that is known: add --node-ip ${destination} if it is`,
  ];
}

/**
 * In the rules of a node in iptables mode: the connection has the port of a NodePort, and no rule leads it there. kube-proxy
 * leads all addresses of the node there, without localhost if so told, or those that nodePortAddresses chooses
 * (pkg/proxy/iptables/proxier.go, 1.34, syncProxyRules: "kubernetes service nodeports").
 */
function savedNodePortNotes(
  tables: readonly SavedTable[],
  { destination, port, protocol }: Connection,
): readonly string[] {
  return tables.flatMap(({ name, chains }) => {
    if (name !== 'nat') return [];
    const found = [...(chains.get(CHAINS.nodePorts.name)?.rulesWith(`${port}`) ?? [])].find(({ matches }) =>
      matches.some(
        (match) => match.kind === 'l4' && match.destinationPort === port && match.protocol === protocol,
      ),
    );
    const doors = [...(chains.get(CHAINS.services.name)?.rulesWith(CHAINS.nodePorts.name) ?? [])].filter(
      leadsToNodePorts,
    );
    if (found === undefined || doors.length === 0) return [];
    const what = `${port}/${protocol} is ${whoseNodePort(found)} (line ${found.line})`;
    return [`${what}, but NodePorts do not answer on ${destination}: ${whyNot(doors, destination)}`];
  });
}

function leadsToNodePorts({ action }: SavedRule): boolean {
  return (action?.kind === 'jump' || action?.kind === 'goto') && action.chain === CHAINS.nodePorts.name;
}

function whoseNodePort({ matches }: SavedRule): string {
  const [label] = matches.flatMap((match) =>
    match.kind === 'comment' ? (labelIn('nodePort', match.text) ?? []) : [],
  );
  return label === undefined ? 'a nodePort' : `the nodePort of ${label}`;
}

function whyNot(doors: readonly SavedRule[], destination: string): string {
  const lines = listNames(doors.map(({ line }) => `line ${line}`));
  const cidrs = doors.flatMap(({ matches }) => matches.flatMap((match) => chosenCIDR(match) ?? []));
  if (cidrs.length > 0)
    return `nodePortAddresses of kube-proxy chooses ${listNames(cidrs)} (${lines}); take one of these, or change that setting`;
  const isLoopback = destination.startsWith('127.') || destination === '::1';
  if (isLoopback)
    return familyOf(destination) === 'IPv6'
      ? `on localhost they are for IPv4 alone; take an address of the node`
      : `kube-proxy leaves localhost out (${lines}; --iptables-localhost-nodeports); take an address of the node`;
  return `they answer on addresses of the node (${lines}), and this is none that is known: add --node-ip ${destination} if it is`;
}

function chosenCIDR(match: Match): string | undefined {
  return match.kind === 'destination' && match.negated !== true
    ? match.cidr.replace(/\/(?:32|128)$/, '')
    : undefined;
}

/** More addresses of a port than these are counted. */
const MAX_ADDRESSES = 4;

/** The same of a node in ipvs mode, where every address of a NodePort is a virtual server. */
function servedNodePortNotes(
  servers: readonly SavedServer[],
  { destination, port, protocol }: Connection,
): readonly string[] {
  const same = servers.filter((each) => each.port === port && each.protocol.toLowerCase() === protocol);
  if (same.length === 0 || same.some(({ ip }) => ip === destination)) return [];
  const listed = same.slice(0, MAX_ADDRESSES).map(({ ip, line }) => `${ip} (line ${line})`);
  const more = same.length > MAX_ADDRESSES ? ` and ${same.length - MAX_ADDRESSES} more` : '';
  return [
    `no virtual server is at ${destination}: ${port}/${protocol} has ${listNames(listed)}${more}; kube-proxy makes those of NodePorts at the addresses that nodePortAddresses chooses, without localhost`,
  ];
}

/** Many Services may have a smaller port. */
export const FIRST_NODE_PORT = 30_000;

/** Why an address does not have a NodePort, as far as the rules and virtual servers of a node tell. */
export function dumpedNodePortNotes(
  tables: readonly SavedTable[],
  { virtualServers = [] }: SavedIPVS,
  connection: Connection,
): readonly string[] {
  return [
    ...savedNodePortNotes(tables, connection),
    ...(connection.port >= FIRST_NODE_PORT ? servedNodePortNotes(virtualServers, connection) : []),
  ];
}

/** Whether a connection has the port of a NodePort that its address does not have: rules say so, or a set of ports in ipvs mode. */
export function isDumpedNodePort(
  tables: readonly SavedTable[],
  { sets, virtualServers = [] }: SavedIPVS,
  connection: Connection,
): boolean {
  if (savedNodePortNotes(tables, connection).length > 0) return true;
  const kind = `KUBE-NODE-PORT-${connection.protocol.toUpperCase()}`;
  const isOfKind = (name: string) =>
    name
      .replace(/^KUBE-6-/, 'KUBE-')
      .replace('-LOCAL-', '-')
      .startsWith(kind);
  const isPort = [...(sets?.values() ?? [])].some(
    (set) =>
      isOfKind(set.name) &&
      set.elements.some(
        ({ entry }) => entry !== undefined && 'port' in entry && entry.port === connection.port,
      ),
  );
  return isPort && servedNodePortNotes(virtualServers, connection).length > 0;
}
