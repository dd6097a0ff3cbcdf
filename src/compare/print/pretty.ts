import type { Colors } from '../../diagnostic/print-pretty.ts';
import type { TrafficReport } from '../report.ts';
import type { ServiceDiff } from '../traffic/traffic-diff.ts';
import { describeChange, describeNodeChange } from './describe-change.ts';
import { describeFacts } from './describe-facts.ts';
import { plainStyle } from './style.ts';
import { hintsOf, summarizeRules, summarizeServices } from './summary.ts';

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
  const blocks = diff.services.map((service) => block(headline(service, colors), detailsOf(service)));
  if (diff.node.length > 0) {
    const lines = diff.node.map((change) => describeNodeChange(change, plainStyle));
    blocks.push(block(`${colors.warning('~')} ${colors.strong('the node')}`, lines));
  }
  const summary = [
    colors.strong(summarizeServices(diff)),
    ...(rules === undefined ? [] : [summarizeRules(rules)]),
    ...hintsOf(report).map((hint) => `${colors.label('hint:')} ${hint}`),
  ];
  return `${blocks.map((each) => `${each}\n`).join('')}${summary.join('\n')}\n`;
}

function headline(service: ServiceDiff, colors: Colors): string {
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

function detailsOf(service: ServiceDiff): readonly string[] {
  if (service.kind !== 'changed') return describeFacts(service.facts, plainStyle);
  return service.changes.map((change) => describeChange(change, plainStyle));
}

function block(title: string, lines: readonly string[]): string {
  return [title, ...lines.map((line) => `    ${line}`), ''].join('\n');
}
