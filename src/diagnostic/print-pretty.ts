import stringWidth from 'fast-string-width';
import { formatFieldPath } from '../model/field-path.ts';
import type { Excerpt, Span } from '../model/source.ts';
import { chooseShown, countRest } from './choose-shown.ts';
import { MAX_OF_CODE } from './collector.ts';
import type { Diagnostic } from './diagnostic.ts';
import { escapePath, escapeText, guardLines, isPlain } from './escape.ts';
import { type Extent, formatSummary, summarize } from './summarize.ts';

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

/** The extent is for the last line. */
export interface PrettyOptions extends Extent {
  readonly colors: Colors;
  /** Of more diagnostics than these only so many are shown, and the others counted; undefined: all are shown. */
  readonly limit?: number | undefined;
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
 * Of too many, the most telling ones are shown, and how many more there are of each code.
 * What comes from input is escaped: the only control characters are newlines and those of `colors`.
 */
export function* printPretty(diagnostics: readonly Diagnostic[], options: PrettyOptions): Generator<string> {
  const { colors, limit = diagnostics.length } = options;
  const shown = chooseShown(diagnostics, limit);
  for (const diagnostic of shown) yield `${guardLines(printBlock(diagnostic, colors))}\n\n`;
  yield printRest(diagnostics, shown, colors);
  yield `${printSummary(diagnostics, options)}\n`;
}

/** The codes of what is not shown, and how many there are of each. */
function printRest(diagnostics: readonly Diagnostic[], shown: readonly Diagnostic[], colors: Colors): string {
  const rests = countRest(diagnostics, shown);
  if (rests.length === 0) return '';
  const total = rests.reduce((sum, { count }) => sum + count, 0);
  const width = String(rests.reduce((most, { count }) => Math.max(most, count), 0)).length;
  const lines = rests.map(({ severity, code, count, files }) => {
    const number = String(count).padStart(width);
    const where = files.size === 0 ? '' : ` in ${files.size} file${files.size === 1 ? '' : 's'}`;
    return `  ${number} ${colors[severity](`${severity}[${code}]`)}${where}\n`;
  });
  const isCut = shown.length < diagnostics.length;
  const hint = isCut ? '--all shows every one' : `of one code, ${MAX_OF_CODE} are kept at most`;
  return `and ${total} more:\n${lines.join('')}  ${colors.label('hint:')} ${hint}\n\n`;
}

function printSummary(diagnostics: readonly Diagnostic[], { colors, ...extent }: PrettyOptions): string {
  const summary = summarize(diagnostics);
  const text = formatSummary(summary, extent);
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
    end += widthOf(safe);
  }
  return { text: shown, end };
}

/** In cells. To load the tables of Unicode takes a millisecond and a half, which lines of manifests hardly ever need. */
function widthOf(text: string): number {
  return isPlain(text) ? text.length : stringWidth(text);
}

function clamp(value: number, maximum: number): number {
  return Math.min(Math.max(0, value), maximum);
}
