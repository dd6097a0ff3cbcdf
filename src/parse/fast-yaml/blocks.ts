import { DECLINED, enterLine, type Reader, spacesAt } from './reader.ts';

const HEADER = /([|>])([1-9]?)([+-]?)([1-9]?) *(?:(?<= )#[^\n]*)?\n/y;

/**
 * A block scalar (`|` or `>`, with `-` or `+`) whose parent stands at `column`; moves to the content below it. It says
 * how much deeper it is, or its first line shows it; blank lines must not be longer than that.
 */
export function readBlockScalar(reader: Reader, column: number): string {
  HEADER.lastIndex = reader.position;
  const header = HEADER.exec(reader.text);
  if (header === null) throw DECLINED;
  const [all, style, before, chomping, behind] = header;
  if (before !== '' && behind !== '') throw DECLINED;
  const headerEnd = reader.position + all.trimEnd().length;
  reader.position += all.length;
  const deeper = Number(before) || Number(behind);
  const { lines, blanks } = readLines(reader, {
    column,
    indentation: deeper === 0 ? undefined : column + deeper,
  });
  enterLine(reader);
  reader.end = headerEnd;
  const body = style === '|' ? lines.join('\n') : fold(lines);
  if (chomping === '-') return body;
  return chomping === '+' ? body + '\n'.repeat(1 + blanks) : `${body}\n`;
}

interface Depth {
  readonly column: number;
  /** undefined: as the first line shows. */
  readonly indentation: number | undefined;
}

/** The lines without their indentation, and the number of blank lines behind the last. */
function readLines(
  reader: Reader,
  { column, indentation: known }: Depth,
): { lines: string[]; blanks: number } {
  const { text } = reader;
  const lines: string[] = [];
  let indentation = known ?? -1;
  let blanks = 0;
  let longestBlank = 0;
  while (reader.position < text.length) {
    const lineBreak = text.indexOf('\n', reader.position);
    const end = lineBreak < 0 ? text.length : lineBreak;
    const width = spacesAt(text, reader.position);
    if (reader.position + width === end) {
      if (lineBreak < 0) throw DECLINED;
      blanks += 1;
      longestBlank = Math.max(longestBlank, width);
    } else {
      if (indentation < 0) indentation = widthOf(text, reader.position, width);
      if (width < indentation || width <= column) break;
      for (; blanks > 0; blanks -= 1) lines.push('');
      lines.push(text.slice(reader.position + indentation, end));
    }
    reader.position = Math.min(end + 1, text.length);
  }
  if (lines.length === 0 || longestBlank > indentation) throw DECLINED;
  return { lines, blanks };
}

/** How deep the first line shows a block to be: not by tabs. */
function widthOf(text: string, start: number, width: number): number {
  if (text.charAt(start + width) === '\t') throw DECLINED;
  return width;
}

/**
 * YAML 1.2 §8.1.3: the break between two lines is a space, or what blank lines stand between them; beside a line that
 * is indented further, all breaks stay.
 */
function fold(lines: readonly string[]): string {
  const parts: string[] = [];
  let breaks = 0;
  let isAfterDeeper = false;
  for (const line of lines) {
    if (line === '') {
      breaks += 1;
      continue;
    }
    const isDeeper = line.startsWith(' ') || line.startsWith('\t');
    if (parts.length === 0) parts.push('\n'.repeat(breaks));
    else if (isDeeper || isAfterDeeper) parts.push('\n'.repeat(breaks + 1));
    else parts.push(breaks === 0 ? ' ' : '\n'.repeat(breaks));
    parts.push(line);
    breaks = 0;
    isAfterDeeper = isDeeper;
  }
  return parts.join('');
}
