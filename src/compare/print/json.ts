import { escapeJson } from '../../diagnostic/escape-text.ts';
import { isSame, type TrafficReport } from '../report.ts';
import { countServices } from './summary.ts';

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
