import { invariant } from '../../diagnostic/invariant.ts';
import type { Match } from '../../lang/iptables/matches/match.ts';
import type { Chain, Rule } from '../../lang/iptables/ruleset.ts';
import type { Action } from '../../lang/iptables/targets/action.ts';
import { cidrContains, joinHostPort } from '../../model/ip.ts';
import { type Delivery, type NodeState, proxyPortOf } from '../../model/node-state.ts';
import { firewallOf } from '../netfilter/conditions.ts';
import type { FilteredPort } from '../netfilter/filter-chains.ts';
import {
  ACCEPT,
  comment,
  DROP,
  fromLocalPods,
  loopbackCIDR,
  NEW_CONNECTIONS,
  toAddress,
} from '../netfilter/matches.ts';
import { USERSPACE_CHAINS } from './vocabulary.ts';

/** Who sends what a chain sees: what comes in, or the node's own processes. */
type Side = 'containers' | 'host';

/** The chains of the nat table: each address and port of a Service leads to a port that the proxy of the node has. */
export function* portalChains(state: NodeState, ports: readonly FilteredPort[]): Generator<Chain> {
  const rules = (of: (port: FilteredPort) => readonly Rule[]) => ports.flatMap((port) => of(port));
  yield {
    name: USERSPACE_CHAINS.nodePortsOfContainers.name,
    rules: rules((port) => nodePortRules(state, port, 'containers')),
  };
  yield {
    name: USERSPACE_CHAINS.nodePortsOfHost.name,
    rules: rules((port) => nodePortRules(state, port, 'host')),
  };
  yield {
    name: USERSPACE_CHAINS.portalsOfContainers.name,
    rules: rules((port) => portalRules(state, port, 'containers')),
  };
  yield {
    name: USERSPACE_CHAINS.portalsOfHost.name,
    rules: rules((port) => portalRules(state, port, 'host')),
  };
}

/**
 * Lets what goes to the proxy in, if a rule of ours has sent it there, and nothing else: its ports would let everybody past
 * source ranges and --nodeport-addresses.
 */
export function guardChain({ userspace }: NodeState): Chain {
  invariant(userspace !== undefined, 'proxy ports were not allocated');
  const { first, last } = userspace.settings.proxyPortRange;
  const rules = (['tcp', 'udp'] as const).flatMap((protocol): Rule[] => {
    const matches: readonly Match[] = [
      { kind: 'protocol', protocol },
      { kind: 'port-range', protocol, first, last },
    ];
    return [
      { matches: [...matches, { kind: 'ctstate', states: ['DNAT'] }], action: ACCEPT },
      { matches: [...matches, NEW_CONNECTIONS], action: DROP },
    ];
  });
  return { name: USERSPACE_CHAINS.foreignNodePorts.name, rules };
}

function portalRules(state: NodeState, port: FilteredPort, side: Side): readonly Rule[] {
  const { clusterIP, externalIPs, loadBalancerIPs, internal } = port.servicePort;
  const admitted = firewallOf(port.servicePort);
  const sources = admitted === undefined ? undefined : [...admitted.ranges, ...admitted.ofNode];
  return [
    ...leadTo(state, port, { side, to: [toAddress(clusterIP)], delivery: internal }),
    ...externalIPs.flatMap((ip) => externalRules(state, port, { side, to: [toAddress(ip)] })),
    ...loadBalancerIPs.flatMap((ip) =>
      (
        sources?.map((cidr): readonly Match[] => [{ kind: 'source', cidr: withLength(cidr) }]) ?? [[]]
      ).flatMap((from) => externalRules(state, port, { side, to: [toAddress(ip), ...from] })),
    ),
  ];
}

function withLength(source: string): string {
  if (source.includes('/')) return source;
  return source.includes(':') ? `${source}/128` : `${source}/32`;
}

function nodePortRules(state: NodeState, port: FilteredPort, side: Side): readonly Rule[] {
  const { nodePort } = port.servicePort;
  if (nodePort === 0) return [];
  return nodePortAddresses(state).flatMap((to) => externalRules(state, port, { side, to, port: nodePort }));
}

function nodePortAddresses({ family, nodePortAddresses: match }: NodeState): readonly (readonly Match[])[] {
  if (match.kind === 'addresses') return match.addresses.map((address) => [toAddress(address)]);
  if (match.loopback) return [[]];
  return [[{ kind: 'destination', cidr: loopbackCIDR(family), negated: true }]];
}

interface Portal {
  readonly side: Side;
  /** What tells its address, and its clients. */
  readonly to: readonly Match[];
  /** Default: that of the Service. */
  readonly port?: number;
}

/** The node's pods and processes are not bound by a Local policy. */
function externalRules(state: NodeState, port: FilteredPort, portal: Portal): readonly Rule[] {
  const { external } = port.servicePort;
  if (external === undefined) return [];
  const { fromOutside, fromInside } = external;
  if (portal.side === 'host') return leadTo(state, port, { ...portal, delivery: fromInside });
  const fromPods = external.keepsClientIP ? fromLocalPods(state.localDetector) : undefined;
  const toOfPods = fromPods && narrowed(portal.to, fromPods);
  return [
    ...(toOfPods === undefined ? [] : leadTo(state, port, { ...portal, to: toOfPods, delivery: fromInside })),
    ...leadTo(state, port, { ...portal, delivery: fromOutside }),
  ];
}

/** Matches with one more. A rule takes one source only: of two CIDRs, the one that lies in the other; undefined: neither does. */
function narrowed(matches: readonly Match[], more: Match): readonly Match[] | undefined {
  const source = matches.find(({ kind }) => kind === 'source');
  if (more.kind !== 'source' || source?.kind !== 'source') return [...matches, more];
  if (liesIn(source.cidr, more.cidr)) return matches;
  return liesIn(more.cidr, source.cidr)
    ? matches.map((match) => (match === source ? more : match))
    : undefined;
}

function liesIn(inner: string, outer: string): boolean {
  const [network = '', length] = inner.split('/');
  return Number(length) >= Number(outer.split('/')[1]) && cidrContains(outer, network);
}

function leadTo(
  state: NodeState,
  { servicePort, label, protocol }: FilteredPort,
  { side, to, port = servicePort.port, delivery }: Portal & { readonly delivery: Delivery },
): readonly Rule[] {
  if (delivery.kind !== 'endpoints') return [];
  const proxyPort = proxyPortOf(state, servicePort, delivery.pool.scope);
  invariant(proxyPort !== undefined, 'a proxy port was not allocated');
  const matches: readonly Match[] = [
    ...to,
    { kind: 'protocol', protocol },
    comment(label),
    { kind: 'l4', protocol, destinationPort: port },
  ];
  return [{ matches, action: toProxy(state, side, proxyPort) }];
}

/** Up to 1.25 what the node sends itself went to its address, since answers of loopback addresses were not accepted. */
function toProxy({ nodeIP }: NodeState, side: Side, port: number): Action {
  if (side === 'containers' || nodeIP === undefined) return { kind: 'redirect', port };
  return { kind: 'dnat', to: joinHostPort(nodeIP, port) };
}
