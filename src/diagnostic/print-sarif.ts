import { formatFieldPath } from '../model/field-path.ts';
import type { Span } from '../model/source.ts';
import type { CodeRecord } from './code-record.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { escapeJson, escapeText } from './escape.ts';
import { invariant } from './invariant.ts';

export interface SarifOptions {
  /** The version of svcgen, as the log names its tool. */
  readonly version: string;
  /** By code: code scanning shows what is known about one beside each result. */
  readonly records: ReadonlyMap<string, CodeRecord>;
  /** The file or folder that was judged: where that is which is about none in particular. */
  readonly target: string;
}

/**
 * A SARIF 2.1.0 log (OASIS Standard, 2020) with one run: the rules that were broken, and a result for each diagnostic, a
 * line each. Columns are UTF-16 units; relative paths are relative URIs, so that the viewer resolves them. Every result
 * has a location: code scanning of GitHub refuses a log with one that has none (github/codeql-action, issue 2459).
 */
export function* printSarif(diagnostics: readonly Diagnostic[], options: SarifOptions): Generator<string> {
  const { version, records } = options;
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const indexOf = new Map(codes.map((code, index) => [code, index]));
  const driver = { name: 'svcgen', version, rules: codes.map((code) => toRule(code, records.get(code))) };
  yield '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n  "version": "2.1.0",\n  "runs": [\n    {\n';
  yield `      "tool": ${JSON.stringify({ driver })},\n      "columnKind": "utf16CodeUnits",\n`;
  const notifications = diagnostics.flatMap(toNotifications);
  if (notifications.length > 0) {
    const invocation = { executionSuccessful: true, toolExecutionNotifications: notifications };
    yield `      "invocations": [${JSON.stringify(invocation)}],\n`;
  }
  yield '      "results": [';
  let separator = '\n';
  for (const diagnostic of diagnostics) {
    const result = toResult(diagnostic, indexOf.get(diagnostic.code) ?? 0, options);
    yield `${separator}        ${escapeJson(JSON.stringify(result))}`;
    separator = ',\n';
  }
  yield diagnostics.length === 0 ? ']\n' : '\n      ]\n';
  yield '    }\n  ]\n}\n';
}

/** What is not among the results. */
function toNotifications({ code, severity, more }: Diagnostic): readonly object[] {
  if (more === undefined) return [];
  const text = `${more.count} more results of ${code} are not listed`;
  return [{ level: LEVELS[severity], message: { text }, associatedRule: { id: code } }];
}

function toRule(code: string, record: CodeRecord | undefined): object {
  invariant(record !== undefined, `nothing describes ${code}`);
  const { category, summary, explanation } = record;
  return {
    id: code,
    shortDescription: { text: summary },
    fullDescription: { text: explanation },
    help: { text: `svcgen validate --explain ${code}` },
    properties: { tags: [category] },
  };
}

/** SARIF's names of our severities (3.27.10 level). */
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

function toResult(diagnostic: Diagnostic, ruleIndex: number, { target }: SarifOptions): object {
  const { code, severity, message, hint, related } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: toMessage(hint === undefined ? message : `${message}; ${hint}`),
    locations: [
      {
        ...toPhysicalLocation(diagnostic.span ?? diagnostic.file ?? target),
        ...toLogicalLocations(diagnostic),
      },
    ],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((other, id) => ({
            id,
            message: toMessage(other.message),
            ...toPhysicalLocation(other.span),
          })),
        }),
  };
}

function toMessage(text: string): object {
  return { text: escapeText(text) };
}

/** A place in a file, or the beginning of the file or folder. */
function toPhysicalLocation(place: Span | string): object {
  if (typeof place === 'string') {
    return { physicalLocation: { artifactLocation: { uri: toUri(place) }, region: { startLine: 1 } } };
  }
  const { file, line, column, excerpt } = place;
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(file) },
      region: { startLine: line, startColumn: column, endColumn: column + excerpt.length },
    },
  };
}

function toLogicalLocations({ object, field }: Diagnostic): object {
  if (object === '') return {};
  const path = formatFieldPath(field);
  const fullyQualifiedName = escapeText(path === '' ? object : `${object}: ${path}`);
  return { logicalLocations: [{ fullyQualifiedName, kind: 'object' }] };
}

/** `/` stays, everything else that a URI reserves is percent-encoded; a `:` would make a scheme of a folder. */
function toUri(file: string): string {
  const path = file
    .replace(/^(?:\.\/+)+/, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .split('/')
    .map(encodeURIComponent)
    .join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
