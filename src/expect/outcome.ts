import { firstPacket, planConnection, senderOf } from '../explain/connection/plan-connection.ts';
import type { TargetAddress } from '../explain/connection/targets.ts';
import type { Explanation } from '../explain/explanation.ts';
import { collectNotes } from '../explain/notes/collect-notes.ts';
import { lackOf } from '../explain/notes/missing-endpoints.ts';
import { verdictOn } from '../explain/verdict/verdict.ts';
import { explainWays } from '../explain/ways/explain-ways.ts';
import { add, areEqual, type Fraction } from '../lang/packet/fraction.ts';
import { cidrContains } from '../model/ip.ts';
import type { Delivery, ServicePort } from '../model/node-state.ts';
import { type FollowedWay, follow } from '../trace/follow.ts';
import type { Fault, Reason } from './expectation.ts';
import { describeTo, type PlannedConnection } from './plan-case.ts';
import { recently } from './recent.ts';
import { knownNumber, valueAt } from './shape.ts';
import type { Rules, Vicinity } from './vicinity.ts';
import type { World } from './world.ts';

/** Where the ways of a connection end, all together. */
export interface ReachedWays {
  /** `sometimes`: some of it reaches an endpoint, and some does not. `unserved`: nothing is there to refuse it. */
  readonly kind: 'reaches' | 'sometimes' | 'rejected' | 'dropped' | 'unserved' | 'unknown';
  /** Each once. */
  readonly endpoints: readonly ReachedEndpoint[];
  /** All of them have the same share, whatever only the node can tell. */
  readonly isEven: boolean;
  readonly source: 'kept' | 'rewritten' | 'both' | undefined;
}

/** What becomes of a connection. */
export interface ConnectionOutcome extends ReachedWays {
  /** Why not all of it reaches an endpoint, as far as the Service tells. */
  readonly reason: Reason | undefined;
}

export interface ReachedEndpoint {
  readonly ip: string;
  readonly port: number;
}

const NOWHERE: ConnectionOutcome = {
  kind: 'unserved',
  reason: 'no-address',
  endpoints: [],
  isEven: true,
  source: undefined,
};

/** Tells what becomes of connections; undefined: of one that has too many ways, or comes from an address that nobody knows. */
type OutcomeFinder = (planned: PlannedConnection) => ConnectionOutcome | undefined;

/** An outcome in numbers: it is that of all connections that have the same ones. */
interface NumberedOutcome extends Omit<ConnectionOutcome, 'endpoints'> {
  readonly endpoints: readonly { readonly address: number; readonly port: number }[];
}

type KnownOutcomes = Map<string, NumberedOutcome | undefined>;

/**
 * Follows connections, each once: most meet rules of the same shape, on many nodes and after many changes, from many clients and
 * to many Services.
 */
export function connectionFollower(): OutcomeFinder {
  const rulesOf = recently(MAX_RULES, ([vicinity]: readonly [Vicinity]) => vicinity.rules());
  const byContext = new Map<string, Map<string, KnownOutcomes>>();
  const byVicinity = new WeakMap<Vicinity, Map<string, ConnectionOutcome | undefined>>();
  const outcomesNear = ({ context, shape }: Vicinity): KnownOutcomes => {
    const byShape = byContext.get(context) ?? new Map<string, KnownOutcomes>();
    if (byShape.size === 0) byContext.set(context, byShape);
    const known = byShape.get(shape) ?? new Map();
    if (known.size === 0) byShape.set(shape, known);
    return known;
  };
  return (planned) => {
    const { address, client, site } = planned;
    if (address === undefined) return NOWHERE;
    const sender = senderOf(client, address, site.facts);
    if (sender === undefined) return undefined;
    const vicinity = site.vicinityOf(address);
    const here = byVicinity.get(vicinity) ?? new Map<string, ConnectionOutcome | undefined>();
    if (here.size === 0) byVicinity.set(vicinity, here);
    const key = `${connectionKey(planned, address, vicinity)} ${sender.origin} ${vicinity.classOf(sender.source)}`;
    if (here.has(key)) return here.get(key);
    const known = outcomesNear(vicinity);
    if (!known.has(key)) {
      const outcome = outcomeOf(planned, { ...sender, ...address }, rulesOf([vicinity]));
      known.set(key, outcome && numbered(outcome, vicinity));
    }
    const outcome = known.get(key);
    const told = outcome && named(outcome, vicinity);
    here.set(key, told);
    return told;
  };
}

/** What a connection is in a vicinity of some shape, beside the class of its source. */
function connectionKey(
  { client: { inInterface, outInterface }, target }: PlannedConnection,
  { protocol, destination, port }: TargetAddress,
  { numbers, servicePorts }: Vicinity,
): string {
  const place = `${protocol} ${numbers.addresses.byValue.get(destination)} ${numbers.ports.byValue.get(port)}`;
  const meant = target === undefined ? '' : `${target.role} ${servicePorts.indexOf(target.servicePort)}`;
  return `${place} ${meant} ${inInterface} ${outInterface}`;
}

function numbered({ endpoints, ...outcome }: ConnectionOutcome, { numbers }: Vicinity): NumberedOutcome {
  const { addresses, ports } = numbers;
  return {
    ...outcome,
    endpoints: endpoints.map(({ ip, port }) => ({
      address: knownNumber(addresses, ip),
      port: knownNumber(ports, port),
    })),
  };
}

function named(outcome: NumberedOutcome, { numbers: { addresses, ports } }: Vicinity): ConnectionOutcome {
  const { kind, reason, isEven, source } = outcome;
  const endpoints = outcome.endpoints.map(({ address, port }) => ({
    ip: valueAt(addresses, address),
    port: valueAt(ports, port),
  }));
  return { kind, reason, endpoints, isEven, source };
}

/** Rules of more vicinities are not kept: those of one are made once where cases about one Service stand together. */
const MAX_RULES = 4;

type Sent = TargetAddress & Pick<Explanation['connection'], 'source' | 'origin'>;

function outcomeOf(
  planned: PlannedConnection,
  sent: Sent,
  { firewall, host }: Rules,
): ConnectionOutcome | undefined {
  const followed = follow(firewall, host, firstPacket(sent, planned.client, planned.site.facts));
  if (followed.kind === 'too-many') return undefined;
  const { ways } = followed;
  const others = ways.filter((way) => !isReached(way));
  const reason = others.length === 0 ? undefined : reasonOf(planned, { ...sent, ways: others });
  return { ...reachedBy(ways), reason };
}

/** The way of a connection in words, through all rules of its node; undefined: there is nothing to tell. */
export function explainPlanned(
  planned: PlannedConnection,
  { cluster, known }: Pick<World, 'cluster' | 'known'>,
): Explanation | undefined {
  const { address, client, site, target } = planned;
  if (address === undefined) return undefined;
  const connection = planConnection(client, address, site.facts);
  if (connection === undefined) return undefined;
  const followed = follow(site.firewall(), site.host, firstPacket(connection, client, site.facts));
  if (followed.kind === 'too-many') return undefined;
  const explained = explainWays(followed.ways, known.ownerOf);
  const named = { ...connection, target: describeTo(planned) };
  const lack = target && lackOf(target.servicePort, cluster);
  const verdict = verdictOn({ ...explained, remembered: undefined }, named, {
    cause: undefined,
    isFar: false,
    lack,
    doubt: undefined,
  });
  const notes = notesOn({ planned, address, lack }, named, explained);
  return { connection: named, verdict, ...explained, notes };
}

/** Why nobody can tell what becomes of a connection, of which an OutcomeFinder told nothing. */
export function whyUntold({ address, client, site: { spot, facts } }: PlannedConnection): Fault {
  if (address === undefined || planConnection(client, address, facts) !== undefined)
    return { message: 'it has too many ways to follow them all', hint: 'see svcgen explain' };
  const node = spot.node === undefined ? 'the node' : `node ${spot.node}`;
  return {
    message: `the ${spot.family} address of ${node} is not known, so what it sends cannot be followed`,
    hint: 'add the Node object to the manifests, or --node with --node-ip',
  };
}

interface Followed {
  readonly planned: PlannedConnection;
  readonly address: TargetAddress;
  /** Why the Service has no endpoints; undefined: it has some, or manifests do not tell. */
  readonly lack: string | undefined;
}

/** What svcgen explain says beside the way, as far as it is about manifests and not about its own flags. */
function notesOn(
  { planned: { client, target, site }, address, lack }: Followed,
  connection: Explanation['connection'],
  { ways, path }: Pick<Explanation, 'ways' | 'path'>,
): readonly string[] {
  return collectNotes({
    client: { ...client, ip: connection.source },
    connection,
    whereabouts: undefined,
    ways,
    path,
    isLive: false,
    host: site.host,
    state: site.state,
    target: target && { ...target, ip: address.destination, port: address.port },
    chosen: undefined,
    lack,
    versions: undefined,
    hints: () => [],
    gaps: [],
  });
}

/** What several ways come to. */
export function reachedBy(ways: readonly FollowedWay[]): ReachedWays {
  const reached = ways.filter(isReached);
  const others = ways.filter((way) => !isReached(way));
  return {
    kind: kindOf(reached, others),
    endpoints: endpointsOf(reached),
    isEven: isEven(reached),
    source: sourceOf(reached),
  };
}

function isReached({ end, packet }: FollowedWay): boolean {
  return end.kind === 'delivered' && packet.original !== undefined;
}

function kindOf(reached: readonly FollowedWay[], others: readonly FollowedWay[]): ConnectionOutcome['kind'] {
  if (others.length === 0) return 'reaches';
  if (reached.length > 0) return 'sometimes';
  const kinds = new Set(others.map(({ end }) => end.kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1) return 'unknown';
  return ({ reject: 'rejected', drop: 'dropped', delivered: 'unserved', lost: 'unknown' } as const)[kind];
}

function endpointsOf(ways: readonly FollowedWay[]): readonly ReachedEndpoint[] {
  const endpoints = new Map(
    ways.map(({ packet: { destination, port } }) => [`${destination} ${port}`, { ip: destination, port }]),
  );
  return [...endpoints.values()];
}

/** Ways that hold under the same conditions share the connections among them. */
function isEven(ways: readonly FollowedWay[]): boolean {
  const cases = new Map<FollowedWay['when'], Map<string, Fraction>>();
  for (const { when, packet, share } of ways) {
    const shares = cases.get(when) ?? new Map<string, Fraction>();
    cases.set(when, shares);
    const key = `${packet.destination} ${packet.port}`;
    const before = shares.get(key);
    shares.set(key, before === undefined ? share : add(before, share));
  }
  return [...cases.values()].every((shares) => {
    const [first, ...others] = shares.values();
    return first === undefined || others.every((share) => areEqual(share, first));
  });
}

function sourceOf(ways: readonly FollowedWay[]): ConnectionOutcome['source'] {
  const fates = new Set(
    ways.map(({ packet }) =>
      packet.rewrittenSource === undefined ? ('kept' as const) : ('rewritten' as const),
    ),
  );
  const [fate] = fates;
  return fates.size > 1 ? 'both' : fate;
}

interface Refused extends TargetAddress {
  readonly source: string;
  readonly origin: Explanation['connection']['origin'];
  readonly ways: readonly FollowedWay[];
}

/** Why the Service does not serve it: what its policies have decided for such a client. */
function reasonOf({ target, site }: PlannedConnection, refused: Refused): Reason | undefined {
  if (refused.ways.every(({ end }) => end.kind === 'delivered')) return 'no-rule';
  const found = target ?? site.targetAt(refused, false);
  if (found === undefined) return undefined;
  const { servicePort, role } = found;
  const delivery = deliveryOf(servicePort, role, refused);
  if (delivery?.kind === 'reject') return 'no-endpoints';
  if (role === 'load balancer address' && !isAdmitted(servicePort, refused.source))
    return 'source-not-allowed';
  return delivery?.kind === 'drop' ? 'no-local-endpoints' : undefined;
}

function deliveryOf(
  { internal, external }: ServicePort,
  role: string,
  { origin }: Pick<Refused, 'origin'>,
): Delivery | undefined {
  if (role === 'clusterIP') return internal;
  return origin === 'outside' ? external?.fromOutside : external?.fromInside;
}

function isAdmitted({ admitted }: ServicePort, source: string): boolean {
  return admitted === undefined || [...admitted.ranges].some((range) => cidrContains(range, source));
}
