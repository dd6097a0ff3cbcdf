import { type L4Protocol, lowerCaseProtocol } from '../../../lang/packet/l4-protocol.ts';
import type { ServicePort } from '../../../model/node-state.ts';
import { type NamedNftPort, nameNftPort } from '../names.ts';
import { NFT_CHAINS } from '../vocabulary.ts';

/**
 * A service port that is reached at its clusterIP alone, without session affinity: it needs no chain of its own. Most
 * are like that.
 */
export interface PlainPort {
  readonly kind: 'plain';
  readonly servicePort: ServicePort;
  readonly endpoints: ServicePort['reachable'];
  readonly group: PlainGroup;
}

/** Plain service ports that share a chain, which sends connections to one endpoint of any of them. */
export interface PlainGroup {
  readonly chain: string;
  readonly protocol: L4Protocol;
  /**
   * The port of all endpoints, where no other plain port of the protocol has the clusterIP: that then tells of itself which
   * endpoints it has.
   */
  readonly endpointPort: number | undefined;
  /** How many endpoints each has. */
  readonly count: number;
}

/** A service port that has chains of its own. */
export interface SpecialPort extends NamedNftPort {
  readonly kind: 'special';
}

/** What is to be told of a service port, whatever others there are. */
export interface PlannedPort {
  readonly servicePort: ServicePort;
  /** Its clusterIP and protocol, and its port beside. */
  readonly addressKey: string;
  readonly portKey: string;
  /** What it is where no other plain port has its address, and where some do; undefined: it leads nowhere. */
  readonly alone: PlainPort | SpecialPort | undefined;
  readonly amongOthers: PlainPort | SpecialPort | undefined;
}

/** Those that have somewhere to send connections to, in their order. */
export function planPorts(planned: readonly PlannedPort[]): (PlainPort | SpecialPort)[] {
  const first = firstPlain(planned);
  const counts = new Map<string, number>();
  for (const { alone, addressKey } of first)
    if (alone?.kind === 'plain') counts.set(addressKey, (counts.get(addressKey) ?? 0) + 1);
  const ports = first.map(({ addressKey, alone, amongOthers }) =>
    counts.get(addressKey) === 1 ? alone : amongOthers,
  );
  return ports.filter((port) => port !== undefined);
}

/**
 * All but plain ports whose clusterIP and port an earlier plain one has: connections go to that, as in iptables mode, and the
 * key of a map has one value. (Of validated Services, no two have an address: `cluster-ip-not-taken`, which can be disabled.)
 */
function firstPlain(planned: readonly PlannedPort[]): readonly PlannedPort[] {
  const taken = new Set<string>();
  return planned.filter(
    ({ alone, portKey }) => alone?.kind !== 'plain' || taken.size < taken.add(portKey).size,
  );
}

export function planPort(servicePort: ServicePort): PlannedPort {
  const { clusterIP, protocol, port, internal, external, sessionAffinitySeconds } = servicePort;
  const addressKey = `${clusterIP} ${protocol}`;
  const keys = { servicePort, addressKey, portKey: `${addressKey} ${port}` };
  const isSticky = sessionAffinitySeconds !== undefined;
  if (external?.isServed || (isSticky && internal.kind === 'endpoints')) {
    const named = nameNftPort(servicePort, isSticky ? servicePort.reachable : []);
    const special = { kind: 'special', ...named } as const;
    return { ...keys, alone: special, amongOthers: special };
  }
  if (internal.kind !== 'endpoints') return { ...keys, alone: undefined, amongOthers: undefined };
  const { endpoints } = internal.pool;
  const plainWith = (endpointPort: number | undefined): PlainPort => ({
    kind: 'plain',
    servicePort,
    endpoints,
    group: groupOf(lowerCaseProtocol(protocol), endpointPort, endpoints.length),
  });
  return { ...keys, alone: plainWith(commonPort(endpoints)), amongOthers: plainWith(undefined) };
}

function groupOf(protocol: L4Protocol, endpointPort: number | undefined, count: number): PlainGroup {
  const to = endpointPort === undefined ? '' : `-to-${endpointPort}`;
  const chain = `${NFT_CHAINS.endpoint.name}${protocol}${to}-1-of-${count}`;
  return { chain, protocol, endpointPort, count };
}

/** Pods may give a named targetPort different numbers. */
function commonPort(endpoints: PlainPort['endpoints']): number | undefined {
  const port = endpoints[0]?.port;
  return endpoints.every((each) => each.port === port) ? port : undefined;
}
