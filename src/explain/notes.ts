import { listNames } from '../diagnostic/report.ts';
import { type Host, isLocal } from '../lang/packet/host.ts';
import { joinHostPort } from '../model/ip.ts';
import { type Delivery, formatServicePortName, type NodeState } from '../model/node-state.ts';
import type { FoundClient } from './clients.ts';
import type { Connection, ExplainedStep, ExplainedWay } from './explanation.ts';
import { nodePortElsewhere, unservedNodePort } from './node-port-notes.ts';
import type { WantedClient } from './plan-connection.ts';
import { describeRole, describeTarget, type Target, targetsOf } from './targets.ts';

/** All that is known when a connection has been followed. */
export interface Findings extends DumpFindings {
  readonly client: WantedClient;
  /** Where the client is; undefined: on the node whose rules these are, or nobody knows. */
  readonly whereabouts: Whereabouts | undefined;
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  /** The steps that all ways have in common. */
  readonly path: readonly ExplainedStep[];
  /** The rules are those of a node. */
  readonly isLive: boolean;
  readonly host: Host;
  /** What the node serves; undefined: there are no manifests. */
  readonly state: NodeState | undefined;
  /** What the destination is there; undefined: nothing. */
  readonly target: Target | undefined;
  /** What a name stood for; undefined: an address was given. */
  readonly chosen: Target | undefined;
  /** Why that has no endpoints, on any node; undefined: it has some, or manifests do not tell. */
  readonly lack: string | undefined;
  /** The versions of kube-proxy that the rules of the node tell; undefined: none. */
  readonly versions: string | undefined;
}

/** A client that has been found somewhere. */
export interface Whereabouts {
  readonly client: FoundClient;
  /** The node whose rules these are; undefined: it has no name. */
  readonly nodeName: string | undefined;
  readonly nodeBy: NodeChoice;
}

/** How the node has been chosen whose rules are followed: it, or its dump, was given; else it has the client, or what that connects to. */
export type NodeChoice = 'name' | 'client' | 'target';

/** What there is to say about the dump of a node. */
export interface DumpFindings {
  /** What to look at where its rules do nothing with the connection. */
  readonly hints: (ways: readonly ExplainedWay[], steps: readonly ExplainedStep[]) => readonly string[];
  /** Why no rule of a Service matches, as the beginning of a sentence: the first one that is known. */
  readonly causes?: (ways: readonly ExplainedWay[], steps: readonly ExplainedStep[]) => readonly string[];
  /** What it does not tell. */
  readonly gaps: readonly string[];
  /** What makes its answer doubtful; undefined: nothing that is not said elsewhere. */
  readonly doubt?: Doubt | undefined;
}

/** Rules that a dump lacks. */
export interface Doubt {
  /** They may let a connection pass, too, rather than refuse it alone. */
  readonly isOpen: boolean;
  /** What they may do, as the end of a sentence. */
  readonly unless: string;
}

/** What a line that stands for others leaves open. @param line where it is; undefined: there is none */
export function doubtOfElision(line: number | undefined): Doubt | undefined {
  return line === undefined
    ? undefined
    : { isOpen: true, unless: `rules decide otherwise that line ${line} leaves out` };
}

/** What the user should know beside the way itself: why it is refused, what else may be meant, what was assumed. */
export function collectNotes(findings: Findings): readonly string[] {
  const { client, connection, ways, host, state, target, chosen, versions } = findings;
  const isUnknown = ways.some((way) => way.result !== 'endpoint' && !isSentOn(way, connection));
  const misses =
    isUnknown && target === undefined && state !== undefined
      ? nearMisses(state, connection, isLocal(host, connection.destination))
      : [];
  const isAnybody = client.ip === undefined && client.origin === undefined && connection.origin === 'outside';
  return [
    ...elsewhereNotes(findings),
    ...sharedAddressNotes(findings),
    ...(target === undefined ? [] : refusalNotes(target, findings)),
    ...(target?.role === 'nodePort' && ways.some(({ result }) => result === 'node')
      ? unservedNodePort(target, connection, state)
      : []),
    ...misses,
    ...(isUnknown ? findings.hints(ways, [...findings.path, ...ways.flatMap(({ path }) => path)]) : []),
    ...openNotes(ways),
    ...retryNotes(ways, connection),
    ...undetectedNotes(findings),
    ...findings.gaps,
    ...(versions === undefined ? [] : [`these rules are laid out as those of kube-proxy ${versions}`]),
    ...(isAnybody
      ? [
          `${connection.source} stands for any client outside: --from names another address, a pod, or node (the node itself)`,
        ]
      : []),
    ...(chosen === undefined ? [] : otherAddresses(chosen)),
  ];
}

/** What a client sends meets the rules of its own node first, unless it is for this one. */
function elsewhereNotes({ whereabouts, connection, host }: Findings): readonly string[] {
  if (whereabouts === undefined) return [];
  const { client, nodeName, nodeBy } = whereabouts;
  const { label: who = connection.source, node } = client;
  if (nodeBy !== 'name') {
    const why = nodeBy === 'client' ? 'where the client is' : `which has ${connection.destination}`;
    return [`these are the rules of ${nodeName}, ${why}: --node chooses another node`];
  }
  if (node === undefined || nodeName === undefined || node === nodeName) return [];
  if (isLocal(host, connection.destination)) return [];
  return [
    `${who} meets the rules of ${node} first, and these are those of ${nodeName}: --node ${node} follows them`,
  ];
}

/** Where the address of the Service that was named is another Service's first. */
function sharedAddressNotes({ chosen, target, connection }: Findings): readonly string[] {
  if (chosen === undefined || target === undefined || chosen.servicePort === target.servicePort) return [];
  const place = joinHostPort(connection.destination, connection.port);
  const own = formatServicePortName(chosen.servicePort.name);
  return [
    `${place} is ${describeTarget(target)} as well, which comes first: give ${own} an address of its own`,
  ];
}

/** How to settle what only the node can tell. */
function openNotes(ways: readonly ExplainedWay[]): readonly string[] {
  const conditions = ways.flatMap(({ alternatives }) => alternatives.flat());
  const isOpen = (option: string) => ways.some(({ open }) => open.includes(option));
  const side = (wanted: 'in' | 'out') =>
    isOpen(wanted === 'in' ? '-i' : '-o') ||
    conditions.some((each) => each.kind === 'interface' && each.side === wanted)
      ? [`--${wanted}-interface`]
      : [];
  const options = [...side('in'), ...side('out')];
  const isSet = conditions.some((each) => each.kind === 'match' && each.unknown.includes('--match-set'));
  return [
    ...(options.length === 0
      ? []
      : [
          `${options.join(' and ')} ${options.length === 1 ? 'settles' : 'settle'} it, or --host FILE ("ip -j addr; ip -j route")`,
        ]),
    ...(isSet ? ['what "ipset save" prints, beside the rules, settles what is in the sets'] : []),
  ];
}

/** The kernel forgets a connection whose first packet is dropped, so that the next one is a new one. */
function retryNotes(ways: readonly ExplainedWay[], connection: Connection): readonly string[] {
  const isRetried = ways.some((way) => way.result === 'dropped' && isSentOn(way, connection));
  const isServed = ways.some(({ result }) => result === 'endpoint');
  const isByChance = new Set(ways.map(({ destination, port }) => `${destination} ${port}`)).size > 1;
  return connection.protocol === 'tcp' && isRetried && isServed && isByChance
    ? [
        'TCP sends a packet that was dropped again after a second and more, and an endpoint is chosen anew: clients see delays',
      ]
    : [];
}

/** Rules that can't tell pods from others treat both alike. */
function undetectedNotes({ state, target, connection, ways, isLive }: Findings): readonly string[] {
  if (isLive || state?.localDetector.kind !== 'none' || target === undefined) return [];
  const isKept = ways.some(({ result, source }) => result === 'endpoint' && source.kind === 'kept');
  const without = 'no --cluster-cidr is given, so the rules cannot tell pods from others';
  if (target.role === 'clusterIP') {
    const isMasqueraded = state.masqueraded.kind === 'none' && connection.origin === 'outside' && isKept;
    return isMasqueraded
      ? [
          `${without}: with it, what comes to a clusterIP from outside gets the address of the node as its source`,
        ]
      : [];
  }
  const { external } = target.servicePort;
  const isRestricted = external?.keepsClientIP === true && connection.origin === 'pod';
  return isRestricted
    ? [`${without}: with it, a pod reaches all endpoints here, whatever externalTrafficPolicy says`]
    : [];
}

/** Some rule has given it another destination. */
function isSentOn({ destination, port }: ExplainedWay, connection: Connection): boolean {
  return destination !== connection.destination || port !== connection.port;
}

/** Why a Service refuses a connection. What it has sent on, it has not refused: somebody else has. */
function refusalNotes(
  { servicePort, role }: Target,
  { connection, ways, isLive, whereabouts, lack }: Findings,
): readonly string[] {
  const isRefused = (result: ExplainedWay['result']) => ways.some((way) => way.result === result);
  const label = formatServicePortName(servicePort.name);
  const delivery = role === 'clusterIP' ? servicePort.internal : servicePort.external?.fromOutside;
  const policy = role === 'clusterIP' ? 'internalTrafficPolicy' : 'externalTrafficPolicy';
  if (!isRefused('rejected') && !isRefused('dropped')) return [];
  const { admitted } = servicePort;
  if (role === 'load balancer address' && admitted !== undefined && delivery?.kind === 'endpoints') {
    return [
      `${connection.source} is in none of the loadBalancerSourceRanges of ${label}: ${listNames(admitted.ranges)}`,
    ];
  }
  // Whether a node that has no name has endpoints, nobody knows.
  const isNowhere = delivery?.kind === 'drop' && isLive && whereabouts?.nodeName === undefined;
  return isNowhere || ways.some((way) => isSentOn(way, connection))
    ? []
    : deliveryNotes(delivery, { label, policy, lack });
}

function deliveryNotes(
  delivery: Delivery | undefined,
  { label, policy, lack }: { readonly label: string; readonly policy: string } & Pick<Findings, 'lack'>,
): readonly string[] {
  switch (delivery?.kind) {
    case 'reject':
      if (lack !== undefined) return [];
      return [`no endpoint of ${label} is ready, on any node: svcgen endpoints shows those that there are`];
    case 'drop':
      return [`${policy} of ${label} is Local, and none of its ready endpoints is on this node`];
    default:
      return [];
  }
}

/** What the user may have meant, where no Service has the address and port. */
function nearMisses(
  { servicePorts }: NodeState,
  connection: Connection,
  isLocal: boolean,
): readonly string[] {
  const { destination, port, protocol } = connection;
  const targets = servicePorts.flatMap(targetsOf);
  const here = targets.filter(({ ip }) => ip === destination);
  const [first] = here;
  if (first !== undefined) {
    const ports = here.map(({ servicePort, port: other }) => describePort(servicePort, other));
    return [
      `${destination} is ${describeAddress(first)}, which has no ${port}/${protocol.toUpperCase()}; it has ${listNames(ports)}`,
    ];
  }
  const nodePort = targets.find(({ role, port: other }) => role === 'nodePort' && other === port);
  if (nodePort !== undefined) return nodePortElsewhere(nodePort, connection, isLocal);
  const endpoint = servicePorts.find(({ reachable }) => reachable.some(({ ip }) => ip === destination));
  if (endpoint === undefined) return [];
  const label = formatServicePortName(endpoint.name);
  return [`${destination} is an endpoint of ${label}: what goes to it directly concerns no Service`];
}

function describeAddress({ servicePort: { name }, role }: Target): string {
  return `${describeRole(role)} of ${name.namespace}/${name.name}`;
}

function describePort({ name, protocol }: Target['servicePort'], port: number): string {
  return `${port}/${protocol}${name.port === '' ? '' : ` (${name.port})`}`;
}

/** How else a service port can be reached. */
function otherAddresses(chosen: Target): readonly string[] {
  const others = targetsOf(chosen.servicePort).filter(
    ({ ip, port }) => ip !== chosen.ip || port !== chosen.port,
  );
  if (others.length === 0) return [];
  const list = others.map(({ ip, port, role }) =>
    ip === undefined ? `port ${port} of the node (nodePort)` : `${joinHostPort(ip, port)} (${role})`,
  );
  return [`${formatServicePortName(chosen.servicePort.name)} can also be reached at ${listNames(list)}`];
}
