import stringWidth from 'string-width';
import { formatFieldPath } from '../model/field-path.ts';
import type { Excerpt, Span } from '../model/source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapePath, escapeText, guardLines } from './escape.ts';
import { formatSummary, summarize } from './summarize.ts';

/** What wraps a part of the text in colours: a function each, so that this folder knows no escape sequences. */
export interface Colors {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  /** File, line and column; the message. */
  readonly strong: (text: string) => string;
  /** Line numbers and rulers. */
  readonly faint: (text: string) => string;
  /** The words `hint` and `note`. */
  readonly label: (text: string) => string;
}

const plain = (text: string) => text;

/** No colours at all. */
export const noColors: Colors = {
  error: plain,
  warning: plain,
  info: plain,
  strong: plain,
  faint: plain,
  label: plain,
};

export interface PrettyOptions {
  readonly colors: Colors;
  /** How many files were looked at, for the last line; undefined: not worth telling. */
  readonly filesChecked?: number | undefined;
}

/**
 * Text for people: every diagnostic with its place, object, field, line of input and hint, then a summary line.
 *
 *     web.yaml:14:17: error[node-port-in-range]: nodePort 80 is outside 30000-32767
 *       Service default/web: spec.ports[0].nodePort
 *       14 |       nodePort: 80
 *          |                 ^^
 *       hint: choose a port in the range, or omit it
 *
 * What comes from input is escaped: the only control characters are newlines and those of `colors`.
 */
export function printPretty(diagnostics: readonly Diagnostic[], options: PrettyOptions): string {
  const { colors, filesChecked } = options;
  const blocks = diagnostics.map((diagnostic) => `${guardLines(printBlock(diagnostic, colors))}\n`);
  return `${blocks.join('\n')}${blocks.length > 0 ? '\n' : ''}${printSummary(diagnostics, colors, filesChecked)}\n`;
}

function printSummary(
  diagnostics: readonly Diagnostic[],
  colors: Colors,
  filesChecked: number | undefined,
): string {
  const summary = summarize(diagnostics);
  const text = formatSummary(summary, filesChecked);
  if (summary.errors > 0) return colors.error(text);
  return summary.warnings > 0 ? colors.warning(text) : text;
}

function printBlock(diagnostic: Diagnostic, colors: Colors): string {
  const { span, related } = diagnostic;
  const gutter = widestLineNumber([span, ...related.map((other) => other.span)]);
  const paint = { diagnostic, colors, gutter };
  return [
    printHeadline(diagnostic, colors),
    ...printSubject(diagnostic),
    ...(span === undefined ? [] : printFrame(span, paint)),
    ...related.flatMap((other) => [
      `  ${colors.strong(`${formatPlace(other.span)}:`)} ${colors.label('note:')} ${escapeText(other.message)}`,
      ...printFrame(other.span, paint),
    ]),
    ...(diagnostic.hint === undefined ? [] : [`  ${colors.label('hint:')} ${escapeText(diagnostic.hint)}`]),
  ].join('\n');
}

function printHeadline({ span, severity, code, message }: Diagnostic, colors: Colors): string {
  const place = span === undefined ? '' : `${colors.strong(`${formatPlace(span)}:`)} `;
  return `${place}${colors[severity](`${severity}[${code}]`)}${colors.strong(`: ${escapeText(message)}`)}`;
}

function printSubject({ object, field }: Diagnostic): readonly string[] {
  const path = formatFieldPath(field);
  const subject = [object, path].filter((part) => part !== '').join(': ');
  return subject === '' ? [] : [`  ${escapeText(subject)}`];
}

interface Paint {
  readonly diagnostic: Diagnostic;
  readonly colors: Colors;
  readonly gutter: number;
}

function printFrame(span: Span, { diagnostic, colors, gutter }: Paint): readonly string[] {
  const { before, marked, after, start, width } = makeCodeFrame(span.excerpt);
  if (`${before}${marked}${after}`.trim() === '') return [];
  const mark = span === diagnostic.span ? colors[diagnostic.severity] : colors.label;
  const number = String(span.line).padStart(gutter);
  return [
    `  ${colors.faint(`${number} |`)} ${before}${mark(marked)}${after}`.trimEnd(),
    `  ${colors.faint(`${' '.repeat(gutter)} |`)} ${' '.repeat(start)}${mark('^'.repeat(width))}`,
  ];
}

function formatPlace({ file, line, column }: Span): string {
  return `${escapePath(file)}:${line}:${column}`;
}

function widestLineNumber(spans: readonly (Span | undefined)[]): number {
  return spans.reduce((widest, span) => Math.max(widest, String(span?.line ?? '').length), 0);
}

const TAB_STOP = 4;

/** A line of input as a terminal can show it, in three parts, and where the middle one starts and ends. */
interface CodeFrame {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
  /** In cells of the terminal, from 0. */
  readonly start: number;
  /** In cells; at least 1, so that the end of a line can be pointed at. */
  readonly width: number;
}

/** Lays out one line: tabs become spaces, what is invisible is spelled out, and cells are counted. */
function makeCodeFrame({ text, start, length }: Excerpt): CodeFrame {
  const from = clamp(start, text.length);
  const to = clamp(start + Math.max(1, length), text.length);
  const before = layOut(text.slice(0, from), 0);
  const marked = layOut(text.slice(from, to), before.end);
  const after = layOut(text.slice(to).trimEnd(), marked.end);
  return {
    before: before.text,
    marked: marked.text,
    after: after.text,
    start: before.end,
    width: Math.max(1, marked.end - before.end),
  };
}

function layOut(text: string, start: number): { readonly text: string; readonly end: number } {
  let end = start;
  let shown = '';
  for (const [index, part] of text.split('\t').entries()) {
    if (index > 0) {
      const gap = TAB_STOP - (end % TAB_STOP);
      shown += ' '.repeat(gap);
      end += gap;
    }
    const safe = escapeText(part);
    shown += safe;
    end += stringWidth(safe);
  }
  return { text: shown, end };
}

function clamp(value: number, maximum: number): number {
  return Math.min(Math.max(0, value), maximum);
}
