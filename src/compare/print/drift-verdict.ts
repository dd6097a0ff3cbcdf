import { count, listNames } from '../../diagnostic/report.ts';
import type { ChainDrift } from '../../lang/iptables/compare/drift.ts';
import { groupBy } from '../../model/group-by.ts';
import type { MetTraffic, NodeTraffic, TrafficDrift, UnwantedAddress } from '../node-traffic.ts';
import type { DriftReport } from '../report.ts';
import type { ServiceDrift } from '../service-drift.ts';
import { describeOwner, type Style } from './style.ts';

/** What the rules of a node do for the Services that are wanted, in one sentence. */
export function driftVerdict(report: DriftReport, style: Style): string {
  const { chains, sorted, traffic } = report;
  const owner = describeOwner(report.owner, style);
  if (traffic !== undefined) return trafficVerdict(traffic, owner, style);
  const version = describeVersion(report);
  if (chains.length === 0) {
    const by = version === undefined ? '' : `, by ${version}`;
    return `no drift: the rules of ${owner} are those of the manifests${by}`;
  }
  const of = (kind: ServiceDrift['kind']) =>
    sorted.services.filter((service) => service.kind === kind).map(({ name }) => style.value(name));
  const [missing, differing, stale] = [of('missing'), of('differs'), of('stale')];
  const count = servicesAsWanted(sorted.wanted, sorted.wanted - missing.length - differing.length);
  const which = [
    ...verbOf(missing, ['is missing', 'are missing']),
    ...verbOf(differing, ['differs', 'differ']),
  ];
  const details = which.length === 0 ? '' : `: ${which.join(', ')}`;
  const more = [...verbOf(stale, ['is not in the manifests', 'are not in the manifests']), ...doors(report)];
  const by = version === undefined ? [] : [`its rules are those of ${version}`];
  return [`${count} on ${owner}${details}`, ...more, ...by].join('; ');
}

/** Rules of an older kube-proxy count by what they do. */
function trafficVerdict(traffic: NodeTraffic, owner: string, { value }: Style): string {
  const { by, wanted, differing, unwanted } = traffic;
  const names = [...new Set(differing.map(({ service }) => service))];
  const goodness = servicesAsWanted(wanted, wanted - names.length).replace('as wanted', 'served as wanted');
  const details = verbOf(names.map(value), ['differs', 'differ']).map((each) => `: ${each}`);
  const gone = [...new Set(unwanted.map(({ service }) => value(service)))];
  return [
    `${goodness} on ${owner}${details.join('')}`,
    ...verbOf(gone, ['is served and not in the manifests', 'are served and not in the manifests']),
    `its rules are those of an older kube-proxy (${by}), so what they do to traffic is compared`,
  ].join('; ');
}

const CLIENTS: ReadonlyMap<string, string> = new Map([
  ['outside', 'outside'],
  ['pod', 'a pod of the node'],
  ['node', 'the node'],
]);

/**
 * How connections fare that differ, those that fare alike in one sentence: `the nodePort of default/web, from outside and the
 * node: dropped; wanted: reaches 10.0.0.1:80`.
 */
export function describeTrafficDrift(
  differing: readonly TrafficDrift[],
  { value }: Style,
): readonly string[] {
  const alike = groupBy(differing, (each) => `${each.target} ${describeMet(each, value)}`);
  return alike.map((group) => {
    const clients = group.map(({ from }) => CLIENTS.get(from) ?? value(from));
    const from = [clients.slice(0, -1).join(', '), ...clients.slice(-1)].filter((each) => each !== '');
    return `${value(group[0].target)}, from ${from.join(' and ')}: ${describeMet(group[0], value)}`;
  });
}

const ENDS = {
  rejected: 'rejected',
  dropped: 'dropped',
  unserved: 'passes unserved',
  unknown: 'unclear',
} as const;

const SOURCES = {
  kept: 'keeps its source',
  rewritten: 'gets the source of the node',
  both: 'sometimes gets the source of the node',
} as const;

/** What is alike on both sides goes without saying. */
function describeMet({ has, wanted }: TrafficDrift, value: Style['value']): string {
  const isShown = (name: keyof MetTraffic) => JSON.stringify(has?.[name]) !== JSON.stringify(wanted?.[name]);
  const describe = (met: MetTraffic | undefined) => {
    if (met === undefined) return 'too many ways to tell';
    const { kind, endpoints, source, isEven } = met;
    if (kind !== 'reaches' && kind !== 'sometimes') return ENDS[kind];
    const to = `${kind === 'sometimes' ? 'sometimes ' : ''}reaches ${listNames(endpoints.map(value))}`;
    return [
      ...(isShown('kind') || isShown('endpoints') ? [to] : []),
      ...(isShown('source') && source !== undefined ? [SOURCES[source]] : []),
      ...(isShown('isEven') ? [isEven ? 'in equal shares' : 'in unequal shares'] : []),
    ].join(', ');
  };
  return `${describe(has)}; wanted: ${describe(wanted)}`;
}

/** `10.96.0.9:80/tcp of default/old is served, and not in the manifests (line 12)`. */
export function describeUnwanted({ address, service, line }: UnwantedAddress, { value }: Style): string {
  return `${value(address)} of ${value(service)} is served, and not in the manifests (line ${line})`;
}

function describeVersion({ kubernetes }: DriftReport): string | undefined {
  if (kubernetes === undefined) return undefined;
  const { told, taken } = kubernetes;
  return `kube-proxy ${told}${taken === told ? '' : `, compared with ${taken}`}`;
}

function servicesAsWanted(wanted: number, good: number): string {
  if (wanted === 0) return 'no Service is wanted';
  if (wanted === 1) return good === 1 ? 'the only Service is as wanted' : 'the only Service is not as wanted';
  if (good === 0) return `none of ${wanted} Services is as wanted`;
  if (good === wanted) return `all ${wanted} Services are as wanted`;
  return `${good} of ${wanted} Services ${good === 1 ? 'is' : 'are'} as wanted`;
}

/** More names than these are counted. */
const MAX_NAMES = 3;

function verbOf(names: readonly string[], [one, several]: Forms): readonly string[] {
  if (names.length === 0) return [];
  if (names.length === 1) return [`${names[0]} ${one}`];
  return [`${names.length <= MAX_NAMES ? names.join(', ') : names.length} ${several}`];
}

/** Where the kernel enters our rules, and what becomes of connections where it does not. */
interface Door {
  /** In iptables. */
  readonly table: string;
  readonly from: string;
  readonly to: string;
  /** The base chain of nftables. */
  readonly baseChain: string;
}

const SERVICES = { table: 'nat', to: 'KUBE-SERVICES' } as const;
const FROM_OTHERS: Door = { ...SERVICES, from: 'PREROUTING', baseChain: 'nat-prerouting' };
const FROM_NODE: Door = { ...SERVICES, from: 'OUTPUT', baseChain: 'nat-output' };
const MASQUERADING: Door = {
  table: 'nat',
  from: 'POSTROUTING',
  to: 'KUBE-POSTROUTING',
  baseChain: 'nat-postrouting',
};
const FORWARDING: Door = {
  table: 'filter',
  from: 'FORWARD',
  to: 'KUBE-FORWARD',
  baseChain: 'filter-forward',
};

/** Which doors are shut: rules of Services that nothing leads to are as good as none. */
function doors({ sorted: { shared, wanted, families }, findsServicesBy }: DriftReport): readonly string[] {
  // In nftables mode both tables are wanted, and one of them may serve nothing.
  const isIdle = ({ table }: ChainDrift) => table.startsWith('ip6 ') && !families.includes('IPv6');
  const isShut = (door: Door) => shared.some((chain) => !isIdle(chain) && isMissing(chain, door));
  const find = findsServicesBy === 'chains of nat' && wanted > 0;
  const said = [
    find && isShut(FROM_OTHERS) && isShut(FROM_NODE)
      ? 'jumps from PREROUTING and OUTPUT are missing, so none is reached'
      : find && isShut(FROM_OTHERS)
        ? 'jumps from PREROUTING are missing, so pods and clients outside reach none'
        : find && isShut(FROM_NODE)
          ? 'jumps from OUTPUT are missing, so the node itself reaches none'
          : '',
    isShut(MASQUERADING) ? 'jumps from POSTROUTING are missing, so no source is rewritten' : '',
    isShut(FORWARDING) ? 'jumps from FORWARD are missing, so a firewall may drop what is forwarded' : '',
  ];
  return said.filter((text) => text !== '');
}

function isMissing({ table, name, kind, lacks, part }: ChainDrift, door: Door): boolean {
  if (part !== undefined) return false;
  if (table === door.table)
    return name === door.from && lacks.some((rule) => rule.endsWith(` -j ${door.to}`));
  const isJump = (rule: string) => rule === 'jump services' || /\bmasquerad/.test(rule);
  return name === door.baseChain && (kind === 'missing' || (door.table === 'nat' && lacks.some(isJump)));
}

/** What differs of a Service: the endpoints first, which are what people look for. */
export function describeServiceDrift(
  { name, kind, endpoints, addresses, lines }: ServiceDrift,
  { value }: Style,
): string {
  const title = value(name);
  if (kind === 'missing') return `${title} is missing`;
  if (kind === 'stale') return `${title} is not in the manifests`;
  const said = [
    ...listed(['address', 'addresses'], addresses.lacks.map(value), ['is missing', 'are missing']),
    ...listed(['endpoint', 'endpoints'], endpoints.lacks.map(value), ['is missing', 'are missing']),
    ...listed(['address', 'addresses'], addresses.has.map(value), ['is not wanted', 'are not wanted']),
    ...listed(['endpoint', 'endpoints'], endpoints.has.map(value), ['is not wanted', 'are not wanted']),
  ];
  return `${title} differs: ${said.length === 0 ? countRules(lines) : said.join(', ')}`;
}

/** `2 rules too few, 1 too many`. */
function countRules({ lacks, has }: ServiceDrift['lines']): string {
  if (lacks === 0) return `${count(has, 'rule')} too many`;
  return `${count(lacks, 'rule')} too few${has === 0 ? '' : `, ${has} too many`}`;
}

/** A word for one, and for several. */
type Forms = readonly [one: string, several: string];

function listed(noun: Forms, names: readonly string[], verb: Forms): readonly string[] {
  if (names.length === 0) return [];
  const form = names.length === 1 ? 0 : 1;
  return [`${noun[form]} ${listNames(names)} ${verb[form]}`];
}
