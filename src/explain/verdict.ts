import { assertNever } from '../diagnostic/invariant.ts';
import { ALL, add, areEqual, type Fraction, NONE } from '../lang/packet/fraction.ts';
import type { HostServer } from '../lang/packet/host.ts';
import { joinHostPort } from '../model/ip.ts';
import type {
  Condition,
  Connection,
  ConnectionVerdict,
  ExplainedStep,
  ExplainedWay,
  Explanation,
  RememberedClient,
  Result,
} from './explanation.ts';
import { bridgesApart, formatConditions } from './format-place.ts';
import { formatChance } from './format-share.ts';
import { groupBy } from './group-ways.ts';
import type { Doubt, Findings } from './notes.ts';
import { keptVerdict } from './session-affinity.ts';
import type { Target } from './targets.ts';

/** Says in a sentence what becomes of a connection. What fails now and then is said first, for that is hardest to find. */
function connectionVerdict(
  ways: readonly ExplainedWay[],
  connection: Connection,
  chooser: HostServer | undefined,
): ConnectionVerdict {
  const refused = ways.filter(isRefused);
  const served = ways.filter((way) => !isRefused(way));
  if (refused.length === 0) return servedVerdict(served, chooser);
  const isOpen = ways.some((way) => whenOf(way) !== undefined);
  if (served.length === 0)
    return { kind: 'refused', text: `${refusedText(refused, connection)}${isOpen ? ', in any case' : ''}` };
  const apart = apartFromDocker(refused, connection);
  if (apart !== undefined) return { kind: 'mixed', text: apart };
  const isByChance = groupBy(refused, whenKey).some((group) => !isCertain(group));
  const clauses = refusalClauses(refused, connection);
  const shown = clauses.slice(0, MAX_CLAUSES).join('; ');
  const more = clauses.length > MAX_CLAUSES ? '; and there is more' : '';
  const isRefusal = !isOpen && refused.some(({ result }) => result !== 'unknown');
  const start = isByChance ? `${isRefusal ? 'fails' : 'may fail'} now and then` : 'it depends';
  return {
    kind: 'mixed',
    text: `${start}: ${shown}${more}; else ${/^goes/.test(servedText(served)) ? 'it ' : ''}${servedText(served)}`,
  };
}

/** Pods come in by none of Docker's bridges: what becomes of them is said first. */
function apartFromDocker(refused: readonly ExplainedWay[], connection: Connection): string | undefined {
  for (const ways of groupBy(refused, whenKey)) {
    const [first] = ways;
    const bridges = bridgesApart(first);
    const whole = ways.reduce((sum, { share }) => add(sum, share), NONE);
    if (bridges !== undefined && areEqual(whole, ALL))
      return `${refusedText(ways, connection)}, unless it comes in by ${bridges}, as containers do`;
  }
  return undefined;
}

function whenKey({ alternatives, open }: ExplainedWay): string {
  return JSON.stringify([alternatives, open]);
}

/**
 * Whether all connections of a client are refused where these ways are taken: chance has no part in it. Which interface they leave
 * by depends on the endpoint, and so on chance.
 */
function isCertain(ways: readonly ExplainedWay[]): boolean {
  const whole = ways.reduce((sum, { share }) => add(sum, share), NONE);
  const isOfClient = (each: Condition) => each.kind === 'interface' && each.side === 'in';
  const isKnown = ways.every(
    ({ alternatives, open }) => open.length === 0 && alternatives.flat().every(isOfClient),
  );
  return areEqual(whole, ALL) && (isKnown || ways.every(({ share }) => areEqual(share, ALL)));
}

/** What there is to say against a verdict by rules alone. */
export interface Reservations extends Pick<Findings, 'lack' | 'doubt'> {
  readonly cause: string | undefined;
  /** Hardly anybody sends such packets to the node. */
  readonly isFar: boolean;
}

/** Networks outside a cluster have no route to its clusterIPs, unless somebody makes one. */
export function isFarFromClusterIP(
  { origin, client }: Connection,
  target: Target | undefined,
  steps: readonly ExplainedStep[],
): boolean {
  const isClusterIP =
    target === undefined
      ? steps.some(({ words = '' }) => words.startsWith('the clusterIP of '))
      : target.role === 'clusterIP';
  return isClusterIP && origin === 'outside' && client === undefined;
}

/** Of a client that is remembered first, and then of a new one. */
export function verdictOn(
  {
    ways,
    chooser,
    remembered,
  }: Pick<Explanation, 'ways' | 'chooser'> & { readonly remembered: RememberedClient | undefined },
  connection: Connection,
  { cause, isFar, lack, doubt }: Reservations,
): ConnectionVerdict {
  const ofRules = withCause(connectionVerdict(ways, connection, chooser), cause);
  const ofNew = withDistance(withLack(ofRules, ways, lack), isFar);
  if (remembered === undefined) return withDoubt(ofNew, doubt);
  const own = connectionVerdict(remembered.ways, connection, chooser);
  const { kind, text } = withDoubt(keptVerdict(own, remembered, connection), doubt);
  return { kind, text: `${text}; a new client: ${ofNew.text}` };
}

const NO_RULE = 'no rule of any Service matches';

/** Says why no Service has a part in it, where that is known. */
function withCause(verdict: ConnectionVerdict, cause: string | undefined): ConnectionVerdict {
  if (cause === undefined || !verdict.text.startsWith(NO_RULE)) return verdict;
  return { ...verdict, text: `${cause}${verdict.text.slice(NO_RULE.length)}` };
}

/** The verdict on a Service that has no endpoints. @param lack why it has none; undefined: it has some, or nobody knows */
function withLack(
  verdict: ConnectionVerdict,
  ways: readonly ExplainedWay[],
  lack: string | undefined,
): ConnectionVerdict {
  const isRejected = ways.every(({ result }) => result === 'rejected');
  return lack === undefined || !isRejected ? verdict : { ...verdict, text: `${verdict.text}: ${lack}` };
}

/** The verdict on a client from which packets hardly come to the node. */
function withDistance(verdict: ConnectionVerdict, isFar: boolean): ConnectionVerdict {
  if (!isFar || verdict.kind === 'refused') return verdict;
  return {
    ...verdict,
    text: `${verdict.text}, if it gets here: networks outside a cluster have no route to a clusterIP`,
  };
}

/** The verdict of rules that are not all that the node has. */
function withDoubt(verdict: ConnectionVerdict, doubt: Doubt | undefined): ConnectionVerdict {
  if (doubt === undefined || (verdict.kind === 'refused' && !doubt.isOpen)) return verdict;
  return { ...verdict, text: `${verdict.text}, unless ${doubt.unless}` };
}

/** More than these make no sentence. */
const MAX_CLAUSES = 2;

function isRefused({ result }: ExplainedWay): boolean {
  return result === 'dropped' || result === 'rejected' || result === 'unknown';
}

function whenOf(way: ExplainedWay): string | undefined {
  return formatConditions(way, 'in short');
}

function servedVerdict(served: readonly ExplainedWay[], chooser: HostServer | undefined): ConnectionVerdict {
  const isServed = served.every(({ result }) => result === 'endpoint');
  const isChosen = isServed && new Set(served.map(toOf)).size > 1;
  const how = isChosen ? `, ${describeChooser(chooser)}` : '';
  return { kind: isServed ? 'served' : 'unserved', text: `${servedText(served)}${how}` };
}

function servedText(ways: readonly ExplainedWay[]): string {
  const endpoints = new Map(
    ways.flatMap((way) => (way.result === 'endpoint' ? [[toOf(way), way] as const] : [])),
  );
  const [first] = endpoints.values();
  const other = ways.find(({ result }) => result !== 'endpoint');
  const goes =
    first === undefined
      ? []
      : [
          `${endpoints.size === 1 ? `goes to ${toOf(first)}` : `goes to 1 of ${endpoints.size} endpoints`}${byWhom([...endpoints.values()])}`,
        ];
  const passes =
    other === undefined
      ? []
      : [
          other.result === 'node'
            ? `${NO_RULE}: it goes to what listens on ${toOf(other)} of the node, if anything`
            : `${NO_RULE}: it goes on to ${toOf(other)} as it is`,
        ];
  return [...goes, ...passes].join(', or ');
}

/** Who sends all of them there, if that is somebody other than kube-proxy. */
function byWhom([first, ...others]: readonly ExplainedWay[]): string {
  const who = first?.translator;
  return who === undefined || others.some(({ translator }) => translator !== who)
    ? ''
    : `, where ${who} sends it`;
}

function toOf({ destination, port }: ExplainedWay): string {
  return joinHostPort(destination, port);
}

/** How a proxy, or IPVS among real servers that all have the same weight, chooses; chance chooses elsewhere. */
export function describeChooser(chooser: HostServer | undefined): string {
  const scheduler = chooser?.scheduler;
  if (chooser?.isProxy === true) {
    const which = scheduler === 'sh' ? 'by a hash of the client' : 'in turn';
    return `${which}, and then, when it does not answer, to one of the others`;
  }
  switch (scheduler) {
    case undefined:
      return 'by chance';
    case 'rr':
    case 'wrr':
      return `in turn (scheduler ${scheduler})`;
    case 'sh':
    case 'mh':
      return `by a hash of the client (scheduler ${scheduler})`;
    case 'dh':
      return `by a hash of the destination (scheduler ${scheduler})`;
    case 'lc':
    case 'wlc':
    case 'lblc':
    case 'lblcr':
    case 'sed':
    case 'nq':
      return `the least busy one (scheduler ${scheduler})`;
    default:
      return assertNever(scheduler);
  }
}

const WORDS: Readonly<Record<Result, string>> = {
  endpoint: 'served',
  elsewhere: 'passed on',
  node: 'passed on',
  rejected: 'rejected',
  dropped: 'dropped',
  unknown: 'lost from sight',
};

function refusedText(ways: readonly ExplainedWay[], connection: Connection): string {
  const results = [...new Set(ways.map(({ result }) => WORDS[result]))].join(' or ');
  const reasons = groupBy(ways, ({ refusal }) => refusal?.reason ?? '');
  const [[first] = [], ...others] = reasons;
  const why = first?.refusal === undefined || others.length > 0 ? '' : `: ${first.refusal.reason}`;
  const isOfOne = ways.every(({ refusal }) => refusal?.owner === first?.refusal?.owner);
  const whose = isOfOne ? ownerOf(first) : '';
  return `${results}${whose}${wayTo(ways, connection)}${why}`;
}

function ownerOf(way: ExplainedWay | undefined): string {
  const owner = way?.refusal?.owner;
  if (owner === undefined) return '';
  return way?.result === 'unknown' ? ` in rules of ${owner}` : ` by ${owner}`;
}

/** Where it was going when it was refused, if that is not where the client sent it. */
function wayTo(ways: readonly ExplainedWay[], connection: Connection): string {
  const sent = [...new Set(ways.map(toOf))].filter(
    (to) => to !== joinHostPort(connection.destination, connection.port),
  );
  const [first] = sent;
  if (first === undefined) return '';
  return sent.length === 1 ? ` on the way to ${first}` : ` on the way to ${sent.length} endpoints`;
}

/** What refuses it, with all the conditions under which it does. */
function refusalClauses(refused: readonly ExplainedWay[], connection: Connection): readonly string[] {
  const cases = groupBy(refused, (way) => `${way.result} ${whenOf(way)}`).map((ways) => ({
    what: refusalText(ways, connection),
    when: whenOf(ways[0]),
  }));
  return groupBy(cases, ({ what }) => what).map((alike) => {
    const when = alike.flatMap((each) => each.when ?? []);
    const listed = when.slice(0, MAX_CLAUSES).map((each) => `if ${each}`);
    const all = [...listed, ...(when.length > MAX_CLAUSES ? ['in other cases'] : [])].join(', or ');
    return all === '' || when.length < alike.length ? alike[0].what : `${alike[0].what} ${all}`;
  });
}

function refusalText(ways: readonly [ExplainedWay, ...ExplainedWay[]], connection: Connection): string {
  const [first, ...others] = ways;
  const share: Fraction = others.reduce((sum, way) => add(sum, way.share), first.share);
  const part = areEqual(share, ALL) ? 'it' : `${formatChance(share)} connections`;
  return `${part} is ${WORDS[first.result]}${ownerOf(first)}${wayTo(ways, connection)}`;
}
