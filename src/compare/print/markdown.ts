import type { TrafficReport } from '../report.ts';
import type { ServiceDiff } from '../traffic/traffic-diff.ts';
import { describeChange, describeNodeChange } from './describe-change.ts';
import { describeFacts } from './describe-facts.ts';
import { fitComment } from './fit-comment.ts';
import { markdownStyle } from './style.ts';
import { hintsOf, summarizeRules, summarizeServices } from './summary.ts';

/** A comment for a pull request: the summary, then a list of the Services that differ, cut to what a comment holds. */
export function printMarkdownDiff(report: TrafficReport): string {
  const { diff, rules } = report;
  const head = [
    `**${summarizeServices(diff)}**`,
    ...(rules === undefined ? [] : [summarizeRules(rules)]),
    ...hintsOf(report).map((hint) => `_${hint}_`),
  ];
  const items = diff.services.map((service) => item(headline(service), detailsOf(service)));
  if (diff.node.length > 0) {
    const lines = diff.node.map((change) => describeNodeChange(change, markdownStyle));
    items.push(item('**changed** the node', lines));
  }
  return fitComment(`${head.join('\n\n')}\n`, items, 'Services');
}

function headline(service: ServiceDiff): string {
  const name = markdownStyle.value(service.name);
  if (service.kind !== 'changed') return `**${service.kind}** ${name}`;
  if (service.previousName === undefined) return `**changed** ${name}`;
  return `**renamed** ${markdownStyle.value(service.previousName)} ${markdownStyle.arrow} ${name}`;
}

function detailsOf(service: ServiceDiff): readonly string[] {
  if (service.kind !== 'changed') return describeFacts(service.facts, markdownStyle);
  return service.changes.map((change) => describeChange(change, markdownStyle));
}

function item(title: string, lines: readonly string[]): string {
  return [`- ${title}`, ...lines.map((line) => `  - ${line}`), ''].join('\n');
}
