import { escapeJson } from '../../diagnostic/escape-text.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import type { ChainDrift, DriftReport } from '../rules/drift.ts';
import { fitComment } from './fit-comment.ts';
import { markdownStyle, plainStyle, type Style } from './style.ts';

/** How many rules of a chain are shown to people. */
const SHOWN = 20;

const SIGNS = { missing: '+', stale: '-', differs: '~' } as const;
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
    const name = colors.strong(`${chain.table} ${plainStyle.value(chain.name)}`);
    const title = `${paint[chain.kind](SIGNS[chain.kind])} ${name} ${WORDS[chain.kind]}${about(chain, plainStyle)}\n`;
    return (
      title +
      ruleLines(chain)
        .map((line) => `    ${plainStyle.value(line)}\n`)
        .join('')
    );
  });
  const space = blocks.length === 0 ? '' : '\n';
  return `${blocks.join('')}${space}${colors.strong(summarizeDrift(report))}\n`;
}

/** A comment for a pull request or an issue. */
export function printMarkdownDrift(report: DriftReport): string {
  const items = report.chains.map((chain) => {
    const { value } = markdownStyle;
    const title = `- ${chain.table} ${value(chain.name)} **${WORDS[chain.kind]}**${about(chain, markdownStyle)}\n`;
    const lines = ruleLines(chain).map((line) => `  - ${value(line)}\n`);
    return title + lines.join('');
  });
  return fitComment(`**${summarizeDrift(report)}**\n`, items, 'chains');
}

/** One JSON object: `{"same","summary":{chains,rules},"chains":[{table,name,kind,purpose?,lacks,has}]}`. */
export function printJsonDrift(report: DriftReport): string {
  const { chains } = report;
  const lines = chains.map((chain) => `    ${escapeJson(JSON.stringify(chain))}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  const summary = JSON.stringify(countDrift(report));
  return `{\n  "same": ${chains.length === 0},\n  "summary": ${summary},\n  "chains": ${list}\n}\n`;
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

/** How much there is of a chain, and what it is for. */
function about({ kind, purpose, lacks, has }: ChainDrift, { value }: Style): string {
  const extent = kind === 'missing' ? `, ${count(lacks.length, 'rule')}` : '';
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
  const chainsOf = (kind: ChainDrift['kind']) => chains.filter((chain) => chain.kind === kind).length;
  return {
    chains: { differing: chainsOf('differs'), missing: chainsOf('missing'), stale: chainsOf('stale') },
    rules: {
      missing: chains.reduce((sum, { lacks }) => sum + lacks.length, 0),
      extra: chains.reduce((sum, { has }) => sum + has.length, 0),
    },
  };
}

function summarizeDrift(report: DriftReport): string {
  if (report.chains.length === 0)
    return `no drift: the rules of ${report.setting} are those of the manifests`;
  const { chains, rules } = countDrift(report);
  const { differing, missing, stale } = chains;
  const parts = [
    ...(differing === 0 ? [] : [`${count(differing, 'chain')} ${differing === 1 ? 'differs' : 'differ'}`]),
    ...(missing === 0 ? [] : [`${count(missing, 'chain')} missing`]),
    ...(stale === 0 ? [] : [`${count(stale, 'chain')} not wanted`]),
  ];
  const extent = `${count(rules.missing, 'rule')} too few, ${rules.extra} too many`;
  return `the rules of ${report.setting} have drifted: ${parts.join(', ')} (${extent})`;
}
