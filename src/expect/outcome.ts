import { firstPacket, senderOf } from '../explain/connection/plan-connection.ts';
import type { TargetAddress } from '../explain/connection/targets.ts';
import type { Explanation } from '../explain/explanation.ts';
import { cidrContains } from '../model/ip.ts';
import type { Delivery, ServicePort } from '../model/node-state.ts';
import { type FollowedWay, follow } from '../trace/follow.ts';
import type { Reason } from './expectation.ts';
import type { PlannedConnection } from './find-targets.ts';
import { isReached, type ReachedWays, reachedBy } from './reached-ways.ts';
import { recently } from './recent.ts';
import { knownNumber, valueAt } from './world/shape.ts';
import type { Rules, Vicinity } from './world/vicinity.ts';

/** What becomes of a connection. */
export interface ConnectionOutcome extends ReachedWays {
  /** Why not all of it reaches an endpoint, as far as the Service tells. */
  readonly reason: Reason | undefined;
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
