import { count, listNames } from '../diagnostic/report.ts';
import { objectKey, type Pod } from '../model/cluster.ts';
import { familyOf, joinHostPort } from '../model/ip.ts';
import type { Expectation } from './expectation.ts';
import type { PlannedConnection } from './find-targets.ts';
import type { ConnectionOutcome } from './outcome.ts';
import type { ReachedEndpoint } from './reached-ways.ts';
import { nameOfWanted, type Reaches, type WantedEndpoints, wantedBy } from './wanted.ts';
import type { World } from './world/world.ts';

/** How an outcome differs from what was expected: a sentence each, none when it does not. */
export function judge(
  expected: Expectation,
  outcome: ConnectionOutcome,
  connection: PlannedConnection,
  world: World,
): readonly string[] {
  switch (expected.kind) {
    case 'reaches':
      return judgeEndpoints(expected, outcome, connection, world);
    case 'only':
      return isAmong(expected.ports, connection)
        ? isServed(outcome, world)
        : judge({ kind: 'unreachable', reason: undefined }, outcome, connection, world);
    case 'unreachable':
      if (outcome.endpoints.length > 0) return [`it ${describeReached(outcome, world)}`];
      return judgeReason(expected.reason, outcome);
    default:
      if (outcome.kind !== expected.kind) return [`it ${describeOutcome(outcome, world)}`];
      return judgeReason(expected.reason, outcome);
  }
}

/** What was expected, in a few words: of a connection, where ports differ. */
export function describeExpected(expected: Expectation, connection: PlannedConnection): string {
  switch (expected.kind) {
    case 'reaches': {
      const { evenly, source } = expected;
      return `reaches ${describeWanted(expected)}${evenly === true ? ', evenly' : ''}${source === undefined ? '' : `, source ${source}`}`;
    }
    case 'only':
      return isAmong(expected.ports, connection) ? 'reaches an endpoint' : 'unreachable';
    default:
      return expected.reason === undefined ? expected.kind : `${expected.kind}: ${expected.reason}`;
  }
}

function describeWanted({ pods, endpoints, count: number }: Reaches): string {
  if (endpoints !== undefined)
    return `exactly ${count(endpoints.length, 'endpoint')}: ${listNames(endpoints.map(nameOfWanted))}`;
  if (pods === undefined) return number === undefined ? 'an endpoint' : count(number, 'endpoint');
  const { labels, zone, node } = pods;
  return [
    number === undefined ? 'exactly the pods' : `exactly the ${count(number, 'pod')}`,
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ...(zone === undefined ? [] : [`zone ${zone}`]),
    ...(node === undefined ? [] : [`node ${node}`]),
  ].join(' ');
}

function isAmong(ports: readonly string[], { target }: PlannedConnection): boolean {
  const name = target?.servicePort.name.port ?? '';
  return (name !== '' && ports.includes(name)) || ports.includes(String(target?.servicePort.port));
}

function judgeReason(reason: string | undefined, outcome: ConnectionOutcome): readonly string[] {
  if (reason === undefined || reason === outcome.reason) return [];
  return [`the reason is ${outcome.reason ?? 'another rule'}`];
}

function isServed(outcome: ConnectionOutcome, world: World): readonly string[] {
  return outcome.kind === 'reaches' ? [] : [`it ${describeOutcome(outcome, world)}`];
}

function judgeEndpoints(
  expected: Reaches,
  outcome: ConnectionOutcome,
  connection: PlannedConnection,
  world: World,
): readonly string[] {
  if (outcome.kind !== 'reaches') return isServed(outcome, world);
  const { count: number, evenly, source } = expected;
  const { endpoints } = outcome;
  const wanted = wantedBy(expected, connection, world);
  const isOther = number !== undefined && endpoints.length !== number;
  const wrongPods = wanted === undefined ? [] : judgeWanted(wanted, endpoints, connection, world);
  return [
    ...wrongPods,
    ...(isOther && wrongPods.length === 0 ? [`it ${describeReached(outcome, world)}, not ${number}`] : []),
    ...(evenly === undefined || evenly === outcome.isEven
      ? []
      : [`endpoints ${outcome.isEven ? 'have the same share' : 'have different shares'}`]),
    ...(source === undefined || source === outcome.source
      ? []
      : [
          outcome.source === 'both' ? 'some endpoints see another source' : `the source is ${outcome.source}`,
        ]),
  ];
}

function judgeWanted(
  { pods, addresses }: WantedEndpoints,
  endpoints: readonly ReachedEndpoint[],
  { site: { spot } }: PlannedConnection,
  { podOf }: World,
): readonly string[] {
  // Pods that use the network of their node share its address.
  const ips = new Set(endpoints.map(({ ip }) => ip));
  const wantedIPs = new Set(pods.flatMap(({ podIPs }) => podIPs));
  const missingPods = pods.filter(({ podIPs }) => !podIPs.some((ip) => ips.has(ip)));
  const inFamily = addresses.filter(({ ip }) => familyOf(ip) === spot.family);
  const missing = [
    ...missingPods.map((pod) => `${objectKey(pod)} ${whyNot(pod, spot.node, spot.family)}`),
    ...inFamily
      .filter((wanted) => !endpoints.some((each) => isWanted(each, wanted)))
      .map(({ ip, port }) => `${port === undefined ? ip : joinHostPort(ip, port)} is not chosen`),
  ];
  const others = endpoints.filter(
    (each) => !wantedIPs.has(each.ip) && !inFamily.some((wanted) => isWanted(each, wanted)),
  );
  const all = pods.length + inFamily.length;
  return [
    ...(missing.length === 0
      ? []
      : [
          `it reaches ${all - missing.length} of ${count(all, inFamily.length === 0 ? 'pod' : 'endpoint')}: ${listNames(missing)}`,
        ]),
    ...(others.length === 0
      ? []
      : [`it reaches others, too: ${listNames(others.map((each) => nameOf(each, podOf)))}`]),
  ];
}

function isWanted({ ip, port }: ReachedEndpoint, wanted: WantedEndpoints['addresses'][number]): boolean {
  return ip === wanted.ip && (wanted.port === undefined || wanted.port === port);
}

/** Why a pod is no endpoint, as far as it tells itself. */
function whyNot(pod: Pod, node: string | undefined, family: string): string {
  if (pod.isTerminating) return 'is terminating';
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return `has ended (${pod.phase})`;
  if (!pod.podIPs.some((ip) => familyOf(ip) === family)) return `has no ${family} address`;
  if (!pod.isReady) return 'is not ready';
  return pod.nodeName === node || pod.nodeName === undefined ? 'is not chosen' : `is on ${pod.nodeName}`;
}

function nameOf({ ip, port }: ReachedEndpoint, podOf: World['podOf']): string {
  const pod = podOf(ip);
  return pod === undefined ? joinHostPort(ip, port) : `pod ${objectKey(pod)}`;
}

function describeReached({ endpoints }: ConnectionOutcome, { podOf }: World): string {
  return `reaches ${count(endpoints.length, 'endpoint')} (${listNames(endpoints.map((each) => nameOf(each, podOf)))})`;
}

/** `is rejected: no-endpoints`, after "it". */
function describeOutcome(outcome: ConnectionOutcome, world: World): string {
  const why = outcome.reason === undefined ? '' : `: ${outcome.reason}`;
  switch (outcome.kind) {
    case 'reaches':
      return describeReached(outcome, world);
    case 'sometimes':
      return `${describeReached(outcome, world)}, but not always${why}`;
    case 'unserved':
      return outcome.reason === 'no-address' ? 'has no address to go to' : `is served by nothing${why}`;
    case 'unknown':
      return 'is lost: what becomes of it cannot be told';
    default:
      return `is ${outcome.kind}${why}`;
  }
}
