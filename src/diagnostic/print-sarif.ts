import { formatFieldPath } from '../model/field-path.ts';
import type { Span } from '../model/source.ts';
import type { CodeRecord } from './code-record.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { escapeText } from './escape.ts';
import { invariant } from './invariant.ts';

export interface SarifOptions {
  /** The version of svcgen, as the log names its tool. */
  readonly version: string;
  /** By code: code scanning shows what is known about one beside each result. */
  readonly records: ReadonlyMap<string, CodeRecord>;
}

/**
 * A SARIF 2.1.0 log (OASIS Standard, 2020) with one run: the rules that were broken, and a result for each
 * diagnostic. Columns are UTF-16 units; relative paths are relative URIs, so that the viewer resolves them.
 */
export function printSarif(diagnostics: readonly Diagnostic[], { version, records }: SarifOptions): string {
  const codes = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const indexOf = new Map(codes.map((code, index) => [code, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'svcgen', version, rules: codes.map((code) => toRule(code, records.get(code))) },
        },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => toResult(diagnostic, indexOf.get(diagnostic.code) ?? 0)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
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

function toResult(diagnostic: Diagnostic, ruleIndex: number): object {
  const { code, severity, message, hint, related } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: toMessage(hint === undefined ? message : `${message}; ${hint}`),
    locations: toLocations(diagnostic),
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

function toLocations(diagnostic: Diagnostic): readonly object[] {
  const location = { ...toPhysicalLocation(diagnostic.span), ...toLogicalLocations(diagnostic) };
  return Object.keys(location).length === 0 ? [] : [location];
}

function toMessage(text: string): object {
  return { text: escapeText(text) };
}

function toPhysicalLocation(span: Span | undefined): object {
  if (span === undefined) return {};
  const { line, column, excerpt } = span;
  return {
    physicalLocation: {
      artifactLocation: { uri: toUri(span.file) },
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
