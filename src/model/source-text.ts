import type { Excerpt, Span } from './source.ts';

/** How much of a long line a code frame gets. */
const WINDOW = 120;

/** Tells lines and columns of a file. */
export interface SourceLines {
  readonly file: string;
  /** The span of the characters from `start` to `end`; only its first line's share is marked. */
  readonly span: (start: number, end: number) => Span;
}

/** A decoded file that can tell lines and columns. */
export interface SourceText extends SourceLines {
  readonly text: string;
  /** The line of the file that a line of the text comes from, both counted from 1; undefined: the text is that of the file. */
  readonly lineOf?: (line: number) => number;
  /** The files that it was put together from, which number their own lines; undefined: it is one file. */
  readonly parts?: readonly SourceText[];
}

export function sourceText(file: string, text: string): SourceText {
  return { text, ...sourceLines(file, () => text) };
}

/** A text that was made of a file: places in it are told by the lines of the file. */
export function sourceTextMade(file: string, text: string, lineOf: (line: number) => number): SourceText {
  const source = sourceText(file, text);
  const span = (start: number, end: number): Span => {
    const found = source.span(start, end);
    return { ...found, line: lineOf(found.line) };
  };
  return { ...source, span, lineOf };
}

/** Line starts are looked for when the first span is asked for, once a file; the text is asked for no sooner. */
export function sourceLines(file: string, textOf: () => string): SourceLines {
  let lineStarts: readonly number[] | undefined;
  const span = (start: number, end: number): Span => {
    const text = textOf();
    lineStarts ??= findLineStarts(text);
    const line = lineAt(lineStarts, start);
    const lineStart = lineStarts[line] ?? 0;
    const nextLine = lineStarts[line + 1];
    const lineEnd = nextLine === undefined ? text.length : withoutReturn(text, nextLine - 1);
    const excerpt = excerptOf(text, { lineStart, lineEnd: Math.max(lineEnd, start), start, end });
    return { file, line: line + 1, column: start - lineStart + 1, excerpt };
  };
  return { file, span };
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return starts;
}

/** The last line that starts at or before the offset. */
function lineAt(lineStarts: readonly number[], offset: number): number {
  let [low, high] = [0, lineStarts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

interface Marked {
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly start: number;
  readonly end: number;
}

function excerptOf(text: string, { lineStart, lineEnd, start, end }: Marked): Excerpt {
  const from = lineEnd - lineStart <= WINDOW ? lineStart : Math.max(lineStart, start - WINDOW / 2);
  const to = Math.min(lineEnd, from + WINDOW);
  const length = Math.max(1, Math.min(end, to) - start);
  return { text: text.slice(from, to), start: start - from, length };
}

/** Lines may end with a carriage return and a line feed. */
function withoutReturn(text: string, lineEnd: number): number {
  return text.charAt(lineEnd - 1) === '\r' ? lineEnd - 1 : lineEnd;
}
