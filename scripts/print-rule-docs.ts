import { codeRecords } from '../src/cli/describe-code/code-records.ts';
import { categoryTitles } from '../src/cli/describe-code/describe-code.ts';
import { examples } from '../src/cli/describe-code/generated/examples.js';
import type { CodeCategory, CodeRecord } from '../src/diagnostic/code-record.ts';

const INTRODUCTION = `# What svcgen objects to

Every diagnostic has a code, in brackets behind its severity. \`svcgen validate --explain CODE\` prints what stands
here about it. An example whose first line is a command is what that command reads from stdin.

A code is silenced with \`--disable CODE\`, or for one object with an annotation:

\`\`\`yaml
metadata:
  annotations:
    svcgen/ignore: selector-matches-pods, load-balancer-has-address
\`\`\`

Silenced is not repaired: an object with an error of the categories \`api\` and \`node\` makes no rules, whether the error
is shown or not. Problems of the category \`input\` cannot be silenced as long as they are errors.

\`--each\` judges every file on its own, as the API server would, by the rules of the category \`api\` only.
\`--warnings-as-errors\` leaves no warning a warning; an info stays one.`;

const CATEGORIES: readonly CodeCategory[] = ['api', 'cross', 'node', 'input'];

/** docs/rules.md: what `svcgen validate --explain` says, of all codes. */
export function printRuleDocs(): string {
  const codes = [...codeRecords().values()];
  const tables = CATEGORIES.map((category) =>
    printTable(
      category,
      codes.filter((each) => each.category === category),
    ),
  );
  const sections = codes.map(printSection);
  return `${[INTRODUCTION, ...tables, '## Codes', ...sections].join('\n\n')}\n`;
}

function printTable(category: CodeCategory, codes: readonly CodeRecord[]): string {
  const rows = codes.map(({ code, severity, summary }) => [
    `[\`${code}\`](#${code})`,
    severity,
    escapeMarkdown(summary),
  ]);
  const table = alignRows([['code', 'severity', 'what is wrong'], ...rows]);
  return `## Category ${category}: ${categoryTitles[category]}\n\n${table}`;
}

/** A table as the formatter wants it: columns of one width, a ruler below the first row. */
function alignRows([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const ruler = widths.map((width) => '-'.repeat(width));
  return [head, ruler, ...rows].map(print).join('\n');
}

function printSection({ code, category, severity, summary, explanation }: CodeRecord): string {
  const example = examples[code];
  const parts = [
    `### ${code}`,
    `${severity}, category ${category}: ${escapeMarkdown(summary)}.`,
    escapeMarkdown(explanation),
    ...(example === undefined ? [] : [`Fails:\n\n${printInput(example.failing)}`]),
    ...(example === undefined ? [] : [`Passes:\n\n${printInput(example.passing)}`]),
  ];
  return parts.join('\n\n');
}

/** Manifests, or rules of a node where the command of the first line reads such. */
function printInput(text: string): string {
  const language = /^# svcgen .*--rules -/.test(text) ? 'text' : 'yaml';
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** Text that is to be read as it is, in a paragraph or in a cell of a table. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<|[\]]/g, '\\$&');
}
