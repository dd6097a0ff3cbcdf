import { escapeJson, guardLines } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import type { ChainDrift } from '../../lang/iptables/compare/drift.ts';
import type { NodeTraffic } from '../node-traffic.ts';
import { type DriftReport, isAsWanted } from '../report.ts';
import type { ServiceDrift } from '../service-drift.ts';
import {
  describeServiceDrift,
  describeTrafficDrift,
  describeUnwanted,
  driftVerdict,
} from './drift-verdict.ts';
import { fitComment } from './fit-comment.ts';
import { markdownStyle, plainStyle, type Style } from './style.ts';

/** How much is told. */
export interface DriftPrintOptions {
  /** Each rule: without it, what Services lack or have too much, and the rules of what they share. */
  readonly isVerbose: boolean;
}

/** How many rules of a chain are shown to people. */
const SHOWN = 20;

const SIGNS = { missing: '+', stale: '-', differs: '~' } as const;
/** What is compared. */
const PARTS = ['chain', 'set', 'map', 'virtual server'] as const;

const WORDS = { missing: 'is missing', stale: 'is not wanted', differs: 'differs' } as const;

/**
 * Text for people: the verdict, a line for each Service that differs, a block for each chain that all share (with `-v`: for
 * each chain). `-` is what the node has, with the line of the dump, `+` what it lacks.
 *
 *     ~ nat KUBE-SEP-CKTK4HVPCCPKEGFT differs: an endpoint of default/my-nginx: 172.16.0.43:80
 *         - line 36: -A KUBE-SEP-CKTK4HVPCCPKEGFT -p tcp … --to-destination 172.16.0.99:80
 *         + -A KUBE-SEP-CKTK4HVPCCPKEGFT -p tcp … --to-destination 172.16.0.43:80
 */
export function printPrettyDrift(
  report: DriftReport,
  { colors, isVerbose }: DriftPrintOptions & { readonly colors: Colors },
): string {
  const paint = { missing: colors.label, stale: colors.error, differs: colors.warning };
  const sign = (kind: ServiceDrift['kind']) => paint[kind](SIGNS[kind]);
  const { services, rest } = listed(report, isVerbose);
  const traffic = trafficLines(report, { isVerbose, style: plainStyle }).map(
    ({ kind, text }) => `${sign(kind)} ${text}\n`,
  );
  const items = services.map((each) => `${sign(each.kind)} ${describeServiceDrift(each, plainStyle)}\n`);
  const blocks = shownChains(report, isVerbose).map((chain) => {
    const name = colors.strong(`${placeName(chain)} ${plainStyle.value(chain.name)}`);
    const title = `${sign(chain.kind)} ${name} ${WORDS[chain.kind]}${about(chain, plainStyle)}\n`;
    return (
      title +
      ruleLines(chain)
        .map((line) => `    ${plainStyle.value(line)}\n`)
        .join('')
    );
  });
  const parts = [traffic.join(''), items.join('') + rest, blocks.join(''), summarizeDrift(report, isVerbose)];
  const body = parts.filter((part) => part !== '').map((part) => `\n${part}`);
  return guardLines(`${colors.strong(driftVerdict(report, plainStyle))}\n${body.join('')}`);
}

/** More Services than these are counted. */
const SHOWN_SERVICES = 40;

function listed({ sorted: { services } }: DriftReport, isVerbose: boolean) {
  const shown = isVerbose ? services : services.slice(0, SHOWN_SERVICES);
  const more = services.length - shown.length;
  return { services: shown, rest: more === 0 ? '' : `and ${count(more, 'more Service')}\n` };
}

/** Kinds of connections, and addresses, that differ: where an older kube-proxy made the rules. */
function trafficLines(
  { traffic }: DriftReport,
  { isVerbose, style }: { readonly isVerbose: boolean; readonly style: Style },
): readonly { readonly kind: ServiceDrift['kind']; readonly text: string }[] {
  if (traffic === undefined) return [];
  const all = [
    ...describeTrafficDrift(traffic.differing, style).map((text) => ({ kind: 'differs', text }) as const),
    ...traffic.unwanted.map((each) => ({ kind: 'stale', text: describeUnwanted(each, style) }) as const),
  ];
  const shown = isVerbose ? all : all.slice(0, SHOWN_SERVICES);
  const more = all.length - shown.length;
  const lines =
    more === 0 ? shown : [...shown, { kind: 'differs', text: `and ${more} more: -v shows them` } as const];
  if (!traffic.lacksNodeIP) return lines;
  const text =
    'nodePorts were not compared: no address of the node is known (--node with its Node object, or --node-ip)';
  return [...lines, { kind: 'differs', text } as const];
}

/** The rules of one Service go without saying, unless they are asked for. */
function shownChains({ chains, sorted: { shared } }: DriftReport, isVerbose: boolean): readonly ChainDrift[] {
  return isVerbose ? chains : shared;
}

/** A comment for a pull request or an issue. */
export function printMarkdownDrift(report: DriftReport, { isVerbose }: DriftPrintOptions): string {
  const { value } = markdownStyle;
  const traffic = trafficLines(report, { isVerbose, style: markdownStyle }).map(({ text }) => `- ${text}\n`);
  const services = report.sorted.services.map((each) => `- ${describeServiceDrift(each, markdownStyle)}\n`);
  const chains = shownChains(report, isVerbose).map((chain) => {
    const title = `- ${placeName(chain)} ${value(chain.name)} **${WORDS[chain.kind]}**${about(chain, markdownStyle)}\n`;
    const lines = ruleLines(chain).map((line) => `  - ${value(line)}\n`);
    return title + lines.join('');
  });
  const summary = summarizeDrift(report, isVerbose);
  const items = [...traffic, ...services, ...chains, ...(summary === '' ? [] : [`\n${summary}`])];
  return fitComment(`**${driftVerdict(report, markdownStyle)}**\n`, items, 'Services or chains');
}

/**
 * One JSON object: `{"same","verdict","kubernetes"?:{told,taken},"traffic"?:{by,lacksNodeIP,differing,unwanted},"services":{wanted,differing:[{name,kind,endpoints,lines}]},
 * "summary":{chains,sets?,virtualServers?,rules},"chains":[{table,name,part?,kind,purpose?,lacks,has}]}`. Sets, maps and
 * virtual servers are among the chains.
 */
export function printJsonDrift(report: DriftReport): string {
  const { kubernetes, sorted, traffic, chains } = report;
  const members: readonly (readonly [string, string])[] = [
    ['same', `${isAsWanted(report)}`],
    ['verdict', JSON.stringify(driftVerdict(report, RAW))],
    ...(kubernetes === undefined ? [] : [['kubernetes', JSON.stringify(kubernetes)] as const]),
    ...(traffic === undefined ? [] : [['traffic', jsonTraffic(traffic)] as const]),
    ['services', `{"wanted": ${sorted.wanted}, "differing": ${jsonLines(sorted.services)}}`],
    ['summary', JSON.stringify(countDrift(report))],
    ['chains', jsonLines(chains)],
  ];
  return `{\n${members.map(([name, value]) => `  "${name}": ${escapeJson(value)}`).join(',\n')}\n}\n`;
}

/** JSON escapes for itself. */
const RAW: Style = { ...plainStyle, value: (text) => text };

function jsonTraffic({ by, lacksNodeIP, differing, unwanted }: NodeTraffic): string {
  const [connections, addresses] = [jsonLines(differing), jsonLines(unwanted)];
  return `{"by": ${JSON.stringify(by)}, "lacksNodeIP": ${lacksNodeIP}, "differing": ${connections}, "unwanted": ${addresses}}`;
}

function jsonLines(items: readonly object[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** Nobody wants to see all rules of a chain that is missing or too much: its name and purpose say it. */
function ruleLines({ kind, lacks, has }: ChainDrift): readonly string[] {
  if (kind !== 'differs') return [];
  const lines = [
    ...has.map(({ line, text }) => `- line ${line}: ${text}`),
    ...lacks.map((text) => `+ ${text}`),
  ];
  if (lines.length <= SHOWN) return lines;
  return [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`];
}

function placeName({ table, part }: ChainDrift): string {
  return part === undefined ? table : `${table} ${part}`;
}

/** How much there is of a chain, and what it is for. */
function about({ kind, purpose, part, lacks, has }: ChainDrift, { value }: Style): string {
  const extent = kind === 'missing' && part === undefined ? `, ${count(lacks.length, 'rule')}` : '';
  const place = kind === 'stale' ? placeOf(has) : '';
  if (purpose === undefined) return `${extent}${place}`;
  const { role, of, comment } = purpose;
  const owner = of === undefined ? '' : ` of ${value(of)}`;
  const said = comment === undefined ? '' : `, with the comment ${value(comment)}`;
  return `${extent}${place}: ${role}${owner}${said}`;
}

function placeOf(has: ChainDrift['has']): string {
  const [first, last] = [has[0], has.at(-1)];
  if (first === undefined || last === undefined) return ', empty';
  return first === last ? `, line ${first.line}` : `, lines ${first.line} to ${last.line}`;
}

function countDrift({ chains }: DriftReport) {
  const countsOf = (all: readonly ChainDrift[]) => {
    const ofKind = (kind: ChainDrift['kind']) => all.filter((chain) => chain.kind === kind).length;
    return { differing: ofKind('differs'), missing: ofKind('missing'), stale: ofKind('stale') };
  };
  const sets = chains.filter(({ part }) => part === 'set' || part === 'map');
  const servers = chains.filter(({ part }) => part === 'virtual server');
  return {
    chains: countsOf(chains.filter(({ part }) => part === undefined)),
    ...(sets.length === 0 ? {} : { sets: countsOf(sets) }),
    ...(servers.length === 0 ? {} : { virtualServers: countsOf(servers) }),
    rules: {
      missing: chains.reduce((sum, { lacks }) => sum + lacks.length, 0),
      extra: chains.reduce((sum, { has }) => sum + has.length, 0),
    },
  };
}

/** How much there is of all this; "": nothing. */
function summarizeDrift(report: DriftReport, isVerbose: boolean): string {
  const { chains, sorted } = report;
  if (chains.length === 0) return '';
  const { rules } = countDrift(report);
  const parts = [
    ...countParts(chains, 'differs').map(({ text, isOne }) => `${text} ${isOne ? 'differs' : 'differ'}`),
    ...countParts(chains, 'missing').map(({ text }) => `${text} missing`),
    ...countParts(chains, 'stale').map(({ text }) => `${text} not wanted`),
  ];
  const counts = [
    { number: rules.missing, how: 'too few' },
    { number: rules.extra, how: 'too many' },
  ]
    .filter(({ number }) => number > 0)
    .map(({ number, how }, index) => `${index === 0 ? countLines(chains, number) : number} ${how}`);
  const more = isVerbose || sorted.services.length === 0 ? '' : ': -v shows them';
  return `in all ${parts.join(', ')}${counts.length === 0 ? '' : ` (${counts.join(', ')})`}${more}\n`;
}

/** What is counted depends on what there is. */
function countLines(chains: DriftReport['chains'], number: number): string {
  if (chains.some(({ part }) => part === 'virtual server')) return count(number, 'line');
  if (chains.every(({ part }) => part === undefined)) return count(number, 'rule');
  return `${number} ${number === 1 ? 'rule or element' : 'rules or elements'}`;
}

/** `2 chains and 1 map`; nothing when there are none. */
function countParts(all: readonly ChainDrift[], kind: ChainDrift['kind']) {
  const counts = PARTS.map((noun) => ({
    noun,
    number: all.filter(({ kind: own, part = 'chain' }) => own === kind && part === noun).length,
  })).filter(({ number }) => number > 0);
  if (counts.length === 0) return [];
  const isOne = counts.length === 1 && counts[0]?.number === 1;
  const names = counts.map(({ noun, number }) => count(number, noun));
  const text = [names.slice(0, -1).join(', '), ...names.slice(-1)]
    .filter((each) => each !== '')
    .join(' and ');
  return [{ text, isOne }];
}
