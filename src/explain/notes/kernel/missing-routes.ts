import { listNames } from '../../../diagnostic/report.ts';
import { type Host, isLocal, type Route, routeTo } from '../../../lang/packet/host.ts';
import { familyOf } from '../../../model/ip.ts';
import type { Connection, ExplainedWay } from '../../explanation.ts';

export interface RoutedConnection {
  readonly connection: Connection;
  readonly ways: readonly ExplainedWay[];
  readonly host: Host;
  /** Rules of `ip rule` choose other tables than the main one, which is all that is known. */
  readonly hasOtherTables: boolean;
}

/** What the node does with packets that its main table leads nowhere. */
export interface MissingRoutes {
  /** Why nothing gets through; undefined: something does, or other tables may lead on. */
  readonly obstacle: string | undefined;
  readonly notes: readonly string[];
}

/**
 * Destinations that the node has no route to. What it sends itself is routed before its rules are asked, and again when
 * they have rewritten it (ip_route_me_harder, net/ipv4/netfilter.c); what comes in, after nat PREROUTING.
 */
export function missingRoutes(routed: RoutedConnection): MissingRoutes {
  const { connection, ways, host, hasOtherTables } = routed;
  const isOwn = connection.origin === 'node';
  const first = isOwn ? deadEnd(host, connection.destination) : undefined;
  const sent = ways.filter(({ result }) => result === 'endpoint' || result === 'elsewhere');
  const ends = sent.map(({ destination }) => deadEnd(host, destination));
  const lost = ends.flatMap((end) => end ?? []);
  const [end] = first === undefined ? lost : [first];
  if (end === undefined) return { obstacle: undefined, notes: [] };
  const where = listNames([...new Set((first === undefined ? lost : [first]).map(({ ip }) => ip))]);
  if (hasOtherTables)
    return {
      obstacle: undefined,
      notes: [`the main table of this node has no route to ${where}: a rule of ip rule must choose another`],
    };
  const says = isOwn ? (first === undefined ? '' : ownAnswer(end)) : answer(end);
  if (first === undefined && lost.length < ends.length)
    return { obstacle: undefined, notes: [`this node has no route to ${where}: what is sent there is lost`] };
  return { obstacle: describe(end, says), notes: [`"ip route get ${end.ip}" on the node shows the same`] };
}

interface DeadEnd {
  readonly ip: string;
  /** Who refuses it; undefined: there is no route at all. */
  readonly route: Route | undefined;
}

/** @returns undefined when a route leads on, or the routes of its family are not known */
function deadEnd(host: Host, ip: string): DeadEnd | undefined {
  const isKnown = host.routes?.some(({ cidr }) => familyOf(cidr) === familyOf(ip)) === true;
  if (!isKnown || isLocal(host, ip)) return undefined;
  const route = routeTo(host, ip);
  return route === undefined || route.refusal !== undefined ? { ip, route } : undefined;
}

/** What a process of the node is told (`fib_props`, net/ipv4/fib_semantics.c). */
function ownAnswer({ route }: DeadEnd): string {
  switch (route?.refusal) {
    case 'blackhole':
      return 'Invalid argument';
    case 'unreachable':
      return 'No route to host';
    case 'prohibit':
      return 'Permission denied';
    default:
      return 'Network is unreachable';
  }
}

/** What a client learns from the ICMP message (`ip_error`, net/ipv4/route.c); "": there is none. */
function answer({ route }: DeadEnd): string {
  switch (route?.refusal) {
    case 'blackhole':
      return '';
    case 'unreachable':
    case 'prohibit':
      return 'No route to host';
    default:
      return 'Network is unreachable';
  }
}

function describe({ ip, route }: DeadEnd, says: string): string {
  const what = `${says === '' ? 'dropped' : 'refused'} by the kernel`;
  const why =
    route?.refusal === undefined || route.refusal === 'throw'
      ? `this node has no route to ${ip}`
      : `the route of this node to ${ip} is ${route.refusal} ${route.cidr}`;
  return `${what}: ${why}${says === '' ? '' : ` ("${says}")`}`;
}
