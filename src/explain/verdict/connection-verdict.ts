import { ALL, add, areEqual, type Fraction, NONE } from '../../lang/packet/fraction.ts';
import type { HostServer } from '../../lang/packet/host.ts';
import { groupBy } from '../../model/group-by.ts';
import { joinHostPort } from '../../model/ip.ts';
import type { Condition, Connection, ConnectionVerdict, ExplainedWay, Result } from '../explanation.ts';
import { bridgesApart, formatConditions } from '../ways/format-place.ts';
import { formatChance } from '../ways/format-share.ts';
import { describeChooser } from './describe-chooser.ts';

/** Says in a sentence what becomes of a connection. What fails now and then is said first, for that is hardest to find. */
export function connectionVerdict(
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

/** How a verdict begins where rules pass a connection on as it is. */
export const NO_RULE = 'no rule of any Service matches';

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
