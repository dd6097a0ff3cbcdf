import { formatFieldPath } from '../model/field-path.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { escapeGithubMessage, escapeGithubProperty } from './escape.ts';
import { type Extent, formatSummary, summarize } from './summarize.ts';

/**
 * Workflow commands of GitHub Actions, which annotate the lines of a pull request, then a summary line for the
 * log. Values are escaped as the runner's own toolkit does, so that no manifest can give it a command.
 */
export function* printGithub(diagnostics: readonly Diagnostic[], extent: Extent): Generator<string> {
  for (const diagnostic of diagnostics) {
    const { severity, code, more } = diagnostic;
    yield `${printCommand(diagnostic)}\n`;
    if (more !== undefined)
      yield `::${COMMANDS[severity]} title=${code}::and ${more.count} more of this code\n`;
  }
  yield `${formatSummary(summarize(diagnostics), extent)}\n`;
}

/** GitHub's names of our severities. */
const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

function printCommand(diagnostic: Diagnostic): string {
  const { severity, code, span } = diagnostic;
  const properties: readonly (readonly [string, string])[] = [
    ...(span === undefined
      ? []
      : ([
          ['file', span.file],
          ['line', String(span.line)],
          ['col', String(span.column)],
          ['endColumn', String(span.column + span.excerpt.length)],
        ] as const)),
    ['title', code],
  ];
  const list = properties.map(([name, value]) => `${name}=${escapeGithubProperty(value)}`).join(',');
  return `::${COMMANDS[severity]} ${list}::${escapeGithubMessage(messageLines(diagnostic))}`;
}

function messageLines({ object, field, message, hint, related }: Diagnostic): readonly string[] {
  const subject = [object, formatFieldPath(field)].filter((part) => part !== '').join(': ');
  return [
    subject === '' ? message : `${subject}: ${message}`,
    ...related.map(({ span, message: note }) => `note: ${span.file}:${span.line}:${span.column}: ${note}`),
    ...(hint === undefined ? [] : [`hint: ${hint}`]),
  ];
}
