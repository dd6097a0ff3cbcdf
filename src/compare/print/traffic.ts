import { escapeJson, guardLines } from '../../diagnostic/escape.ts';
import type { Colors } from '../../diagnostic/print-pretty.ts';
import { count } from '../../diagnostic/report.ts';
import { printMermaid } from '../../graph/print-text.ts';
import { type RuleCounts, touchesNothing } from '../count-rules.ts';
import { isSame, type RuleReport, type TrafficReport } from '../report.ts';
import type { ServiceDiff, TrafficDiff } from '../traffic/traffic-diff.ts';
import { describeChange, describeFacts, describeNodeChange } from './describe-change.ts';
import { fitComment } from './fit-comment.ts';
import { describeOwner, markdownStyle, plainStyle, type Style } from './style.ts';

/**
 * Text for people: a block for each Service that differs, then what that comes to.
 *
 *     ~ default/web
 *         port http: 80/TCP -> 8080/TCP
 *
 *     1 Service differs: 1 changed (12 are the same)
 *     rules of a node (iptables mode, IPv4): 2 chains changed; 2 rules added, 2 removed
 */
export function printPrettyDiff(report: TrafficReport, colors: Colors): string {
  const { diff, rules } = report;
  const blocks = diff.services.map((service) =>
    block(prettyHeadline(service, colors), detailsOf(service, plainStyle)),
  );
  if (diff.node.length > 0) {
    const lines = diff.node.map((change) => describeNodeChange(change, plainStyle));
    blocks.push(block(`${colors.warning('~')} ${colors.strong('the node')}`, lines));
  }
  const summary = [
    colors.strong(summarizeServices(diff)),
    ...(rules === undefined ? [] : [summarizeRules(rules, plainStyle)]),
    ...hintsOf(report).map((hint) => `${colors.label('hint:')} ${hint}`),
  ];
  return guardLines(`${blocks.map((each) => `${each}\n`).join('')}${summary.join('\n')}\n`);
}

function prettyHeadline(service: ServiceDiff, colors: Colors): string {
  const name = colors.strong(plainStyle.value(service.name));
  switch (service.kind) {
    case 'added':
      return `${colors.label('+')} ${name}`;
    case 'removed':
      return `${colors.error('-')} ${name}`;
    case 'changed': {
      const { previousName } = service;
      const origin = previousName === undefined ? '' : `${colors.strong(plainStyle.value(previousName))} -> `;
      return `${colors.warning('~')} ${origin}${name}${origin === '' ? '' : ' (renamed)'}`;
    }
  }
}

function block(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `    ${line}`), ''].join('\n');
}

/**
 * A comment for a pull request: the summary, then a list of the Services that differ, each with a picture of how it is to be that
 * GitHub draws when somebody unfolds it, cut to what a comment holds.
 */
export function printMarkdownDiff(report: TrafficReport): string {
  const { diff, rules } = report;
  const head = [
    `**${summarizeServices(diff)}**`,
    ...(rules === undefined ? [] : [summarizeRules(rules, markdownStyle)]),
    ...hintsOf(report).map((hint) => `_${hint}_`),
  ];
  const items = diff.services.map(
    (service) =>
      `${item(markdownHeadline(service), detailsOf(service, markdownStyle))}${foldedPicture(report, service)}`,
  );
  if (diff.node.length > 0) {
    const lines = diff.node.map((change) => describeNodeChange(change, markdownStyle));
    items.push(item('**changed** the node', lines));
  }
  return fitComment(`${head.join('\n\n')}\n`, items, 'Services');
}

/** Indented, so that it belongs to the item. */
function foldedPicture({ pictureOf }: TrafficReport, { name }: ServiceDiff): string {
  const picture = pictureOf(name);
  if (picture === undefined) return '';
  const diagram = printMermaid([picture]).replace(/^(?=.)/gm, '  ');
  return `\n  <details><summary>picture</summary>\n\n  \`\`\`mermaid\n${diagram}  \`\`\`\n\n  </details>\n`;
}

function markdownHeadline(service: ServiceDiff): string {
  const name = markdownStyle.value(service.name);
  if (service.kind !== 'changed') return `**${service.kind}** ${name}`;
  if (service.previousName === undefined) return `**changed** ${name}`;
  return `**renamed** ${markdownStyle.value(service.previousName)} ${markdownStyle.arrow} ${name}`;
}

function detailsOf(service: ServiceDiff, style: Style): readonly string[] {
  if (service.kind !== 'changed') return describeFacts(service.facts, style);
  return service.changes.map((change) => describeChange(change, style));
}

function item(title: string, lines: readonly string[]): string {
  return [`- ${title}`, ...lines.map((line) => `  - ${line}`), ''].join('\n');
}

/**
 * One JSON object: `{"same","summary":{services,chains?,rules?},"services":[…],"node":[…]}`, a Service a line. Values
 * are whole, and as in the input; what is invisible is spelled as JSON's own escapes.
 */
export function printJsonDiff(report: TrafficReport): string {
  const { diff, rules } = report;
  const summary = JSON.stringify({ services: countServices(diff), ...rules?.counts });
  return `{\n  "same": ${isSame(report)},\n  "summary": ${summary},\n  "services": ${list(diff.services)},\n  "node": ${list(diff.node)}\n}\n`;
}

function list(items: readonly object[]): string {
  if (items.length === 0) return '[]';
  return `[\n${items.map((each) => `    ${escapeJson(JSON.stringify(each))}`).join(',\n')}\n  ]`;
}

/** How many Services came, went and changed. */
export interface ServiceCounts {
  readonly added: number;
  readonly removed: number;
  readonly renamed: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** A Service that was renamed counts as that, whatever else changed. */
function countServices({ services, unchanged }: TrafficDiff): ServiceCounts {
  const counts = { added: 0, removed: 0, renamed: 0, changed: 0, unchanged };
  for (const service of services) {
    if (service.kind !== 'changed') counts[service.kind] += 1;
    else if (service.previousName === undefined) counts.changed += 1;
    else counts.renamed += 1;
  }
  return counts;
}

/** `1 Service added, 2 changed (10 unchanged)`. */
function summarizeServices(diff: TrafficDiff): string {
  const { unchanged, ...counts } = countServices(diff);
  const changes = listCounts('Service', counts);
  return `${changes === '' ? 'no Service changes' : changes}${unchanged === 0 ? '' : ` (${unchanged} unchanged)`}`;
}

/** What it is on a node: `rules of a node (iptables mode): 3 chains added, …`. */
function summarizeRules({ counts, owner }: RuleReport, style: Style): string {
  return `rules of ${describeOwner(owner, style)}: ${touchesNothing(counts) ? 'the same' : describeCounts(counts)}`;
}

function describeCounts({ chains, rules, elements }: RuleCounts): string {
  const parts = [listCounts('chain', chains), listCounts('rule', rules), listCounts('element', elements)];
  return parts.filter((part) => part !== '').join('; ');
}

/** `2 chains added, 1 removed`. "": none at all. */
function listCounts(noun: string, counts: Readonly<Record<string, number>>): string {
  const kinds = Object.entries(counts).filter(([, number]) => number > 0);
  return kinds
    .map(([kind, number], index) => `${index === 0 ? count(number, noun) : number} ${kind}`)
    .join(', ');
}

const MOVES = 'what svcgen allocated has moved: with --lock FILE it stays where it is';
const NODE =
  'traffic that differs depends on the node: rules are counted for one without endpoints, --node NAME says another';

/** What to do next. */
function hintsOf({ diff, rules, hasLock }: TrafficReport): readonly string[] {
  const moves = diff.services.some(
    (service) =>
      service.kind === 'changed' &&
      service.changes.some((change) => change.kind === 'value' && change.allocation === 'moves'),
  );
  return [...(moves && !hasLock ? [MOVES] : []), ...(rules?.dependsOnNode === true ? [NODE] : [])];
}
