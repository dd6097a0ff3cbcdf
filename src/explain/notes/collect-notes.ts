import { listNames } from '../../diagnostic/report.ts';
import { isLocal } from '../../lang/packet/host.ts';
import { joinHostPort } from '../../model/ip.ts';
import { formatServicePortName } from '../../model/node-state.ts';
import { describeTarget, type Target, targetsOf } from '../connection/targets.ts';
import type { Connection, ExplainedWay } from '../explanation.ts';
import { type Findings, stepsOf } from './findings.ts';
import { nearMisses } from './near-misses.ts';
import { unservedNodePort } from './node-port-notes.ts';
import { isSentOn, refusalNotes } from './refusal-notes.ts';

/** What the user should know beside the way itself: why it is refused, what else may be meant, what was assumed. */
export function collectNotes(findings: Findings): readonly string[] {
  const { client, connection, ways, host, state, target, chosen, versions } = findings;
  const isUnknown = ways.some((way) => way.result !== 'endpoint' && !isSentOn(way, connection));
  const misses =
    isUnknown && target === undefined && state !== undefined ? nearMisses(state, connection, host) : [];
  const isAnybody = client.ip === undefined && client.origin === undefined && connection.origin === 'outside';
  return [
    ...elsewhereNotes(findings),
    ...sharedAddressNotes(findings),
    ...(target === undefined ? [] : refusalNotes(target, findings)),
    ...(target?.role === 'nodePort' && ways.some(({ result }) => result === 'node')
      ? unservedNodePort(target, connection, state)
      : []),
    ...misses,
    ...(isUnknown ? findings.hints(ways, stepsOf(findings)) : []),
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
