import { escapeJson, guardLines } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import type { ChainDrift, DriftReport } from '../../lang/iptables/compare/drift.ts';
import { fitComment } from './fit-comment.ts';
import { describeOwner, markdownStyle, plainStyle, type Style } from './style.ts';

/** How many rules of a chain are shown to people. */
const SHOWN = 20;

const SIGNS = { missing: '+', stale: '-', differs: '~' } as const;
/** What is compared. */
const PARTS = ['chain', 'set', 'map', 'virtual server'] as const;

const WORDS = { missing: 'is missing', stale: 'is not wanted', differs: 'differs' } as const;

/**
 * Text for people: a block for each chain. `-` is what the node has, with the line of the dump, `+` what it lacks.
 *
 *     ~ nat KUBE-SEP-CKTK4HVPCCPKEGFT differs: an endpoint of default/my-nginx: 172.16.0.43:80
 *         - line 36: -A KUBE-SEP-CKTK4HVPCCPKEGFT -p tcp … --to-destination 172.16.0.99:80
 *         + -A KUBE-SEP-CKTK4HVPCCPKEGFT -p tcp … --to-destination 172.16.0.43:80
 */
export function printPrettyDrift(report: DriftReport, colors: Colors): string {
  const paint = { missing: colors.label, stale: colors.error, differs: colors.warning };
  const blocks = report.chains.map((chain) => {
    const name = colors.strong(`${placeName(chain)} ${plainStyle.value(chain.name)}`);
    const title = `${paint[chain.kind](SIGNS[chain.kind])} ${name} ${WORDS[chain.kind]}${about(chain, plainStyle)}\n`;
    return (
      title +
      ruleLines(chain)
        .map((line) => `    ${plainStyle.value(line)}\n`)
        .join('')
    );
  });
  const space = blocks.length === 0 ? '' : '\n';
  return guardLines(`${blocks.join('')}${space}${colors.strong(summarizeDrift(report, plainStyle))}\n`);
}

/** A comment for a pull request or an issue. */
export function printMarkdownDrift(report: DriftReport): string {
  const items = report.chains.map((chain) => {
    const { value } = markdownStyle;
    const title = `- ${placeName(chain)} ${value(chain.name)} **${WORDS[chain.kind]}**${about(chain, markdownStyle)}\n`;
    const lines = ruleLines(chain).map((line) => `  - ${value(line)}\n`);
    return title + lines.join('');
  });
  return fitComment(`**${summarizeDrift(report, markdownStyle)}**\n`, items, 'chains');
}

/**
 * One JSON object: `{"same","kubernetes"?:{told,taken},"summary":{chains,sets?,virtualServers?,rules},"chains":[{table,name,part?,kind,purpose?,lacks,
 * has}]}`. Sets, maps and virtual servers are among the chains.
 */
export function printJsonDrift(report: DriftReport): string {
  const { chains } = report;
  const lines = chains.map((chain) => `    ${escapeJson(JSON.stringify(chain))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  const summary = JSON.stringify(countDrift(report));
  const { kubernetes } = report;
  const version = kubernetes === undefined ? '' : `  "kubernetes": ${JSON.stringify(kubernetes)},\n`;
  return `{\n  "same": ${chains.length === 0},\n${version}  "summary": ${summary},\n  "chains": ${list}\n}\n`;
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

function summarizeDrift(report: DriftReport, style: Style): string {
  const { chains } = report;
  const owner = describeOwner(report.owner, style);
  const version = describeVersion(report);
  if (chains.length === 0) return `no drift: the rules of ${owner} are those of the manifests${version}`;
  const { rules } = countDrift(report);
  const differing = countParts(chains, 'differs');
  const parts = [
    ...differing.map(({ text, isOne }) => `${text} ${isOne ? 'differs' : 'differ'}`),
    ...countParts(chains, 'missing').map(({ text }) => `${text} missing`),
    ...countParts(chains, 'stale').map(({ text }) => `${text} not wanted`),
  ];
  const missing = countLines(chains, rules.missing);
  return `the rules of ${owner} have drifted: ${parts.join(', ')} (${missing} too few, ${rules.extra} too many)${version}`;
}

function describeVersion({ kubernetes }: DriftReport): string {
  if (kubernetes === undefined) return '';
  const { told, taken } = kubernetes;
  return `, by kube-proxy ${told}${taken === told ? '' : `, compared with ${taken}`}`;
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
