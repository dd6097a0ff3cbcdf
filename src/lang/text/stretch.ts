/** Lines that follow one another. */
export interface Stretch {
  readonly start: number;
  /** Behind the last line. */
  end: number;
  /** Number of the first one, from 1. */
  readonly line: number;
}

/** A line of a text. */
export interface Line {
  /** Without its line break. */
  readonly text: string;
  readonly start: number;
  readonly number: number;
}

/** The lines of some stretches of a text. */
export function* linesOf(text: string, stretches: readonly Stretch[]): Generator<Line> {
  for (const { start, end, line } of stretches) {
    let number = line;
    for (let from = start; from < end; number += 1) {
      const to = lineEnd(text, from);
      yield { text: lineText(text, from, to), start: from, number };
      from = to + 1;
    }
  }
}

/** The same of those that hold some words, in which there is no line break: the others are only counted. */
export function* linesWith(text: string, stretches: readonly Stretch[], words: string): Generator<Line> {
  for (const { start, end, line } of stretches) {
    const piece = text.slice(start, end);
    let number = line;
    let from = 0;
    for (let found = piece.indexOf(words); found >= 0; found = piece.indexOf(words, from)) {
      let to = lineEnd(piece, from);
      for (; to < found; number += 1) {
        from = to + 1;
        to = lineEnd(piece, from);
      }
      yield { text: lineText(piece, from, to), start: start + from, number };
      if (to === piece.length) break;
      from = to + 1;
      number += 1;
    }
  }
}

/** Where the line that starts at `start` has its line break, or the text its end. */
export function lineEnd(text: string, start: number): number {
  const found = text.indexOf('\n', start);
  return found < 0 ? text.length : found;
}

/** Lines may have come over from Windows. */
export function lineText(text: string, start: number, end: number): string {
  return text.charAt(end - 1) === '\r' && end > start ? text.slice(start, end - 1) : text.slice(start, end);
}

/** Where a text has its last line. */
export function lastLine(text: string): { readonly start: number; readonly end: number } {
  const end = text.endsWith('\n') ? text.length - 1 : text.length;
  return { start: text.lastIndexOf('\n', end - 1) + 1, end };
}
