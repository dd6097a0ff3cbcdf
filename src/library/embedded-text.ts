import type { Span } from '../model/source.ts';

/** A text that is a value in a file, like a configuration in a ConfigMap. */
export interface EmbeddedText {
  readonly text: string;
  /** Where the value stands. */
  readonly span: Span;
  /** The lines of the whole file. */
  readonly fileLines: readonly string[];
}

/**
 * Turns places in an embedded text into places in its file. In a block scalar (`config.conf: |`) each line has its
 * own; otherwise (quoted strings, JSON) every place is that of the value.
 */
export function embeddedSpans({ text, span, fileLines }: EmbeddedText): (inner: Span) => Span {
  const lines = text.split('\n');
  const first = [span.line - 1, span.line].find((start) =>
    lines.every((line, index) => isIndented(fileLines[start + index], line)),
  );
  if (first === undefined) return () => span;
  return (inner) => {
    const indent = (fileLines[first + inner.line - 1] ?? '').length - (lines[inner.line - 1] ?? '').length;
    return {
      ...inner,
      file: span.file,
      line: first + inner.line,
      column: inner.column + Math.max(0, indent),
    };
  };
}

/** Whether a line of the file is that line of the text with spaces in front; the text's end may be anything. */
function isIndented(fileLine: string | undefined, line: string): boolean {
  return line === '' || (fileLine?.endsWith(line) === true && fileLine.trimStart() === line.trimStart());
}
