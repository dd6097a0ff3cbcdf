import { add, areEqual, type Fraction } from '../lang/packet/fraction.ts';
import type { FollowedWay } from '../trace/follow.ts';

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

/** Where connections arrive. */
export interface ReachedEndpoint {
  readonly ip: string;
  readonly port: number;
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

/** Whether a rule has sent it somewhere, and it gets there. */
export function isReached({ end, packet }: FollowedWay): boolean {
  return end.kind === 'delivered' && packet.original !== undefined;
}

function kindOf(reached: readonly FollowedWay[], others: readonly FollowedWay[]): ReachedWays['kind'] {
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

function sourceOf(ways: readonly FollowedWay[]): ReachedWays['source'] {
  const fates = new Set(
    ways.map(({ packet }) =>
      packet.rewrittenSource === undefined ? ('kept' as const) : ('rewritten' as const),
    ),
  );
  const [fate] = fates;
  return fates.size > 1 ? 'both' : fate;
}
