import { DECLINED, enterLine, type Reader } from './reader.ts';

const HEADER = /\|([+-]?) *(?:(?<= )#[^\n]*)?\n/y;

/**
 * A literal block scalar (`|`, `|-`, `|+`) whose parent stands at `column`; moves to the content below it. Its
 * indentation is that of its first line; blank lines must not be longer than that.
 */
export function readLiteral(reader: Reader, column: number): string {
  HEADER.lastIndex = reader.position;
  const header = HEADER.exec(reader.text);
  if (header === null) throw DECLINED;
  const headerEnd = reader.position + header[0].trimEnd().length;
  reader.position += header[0].length;
  const { lines, blanks } = readLines(reader, column);
  enterLine(reader);
  reader.end = headerEnd;
  const body = lines.join('\n');
  if (header[1] === '-') return body;
  return header[1] === '+' ? body + '\n'.repeat(1 + blanks) : `${body}\n`;
}

/** The lines without their indentation, and the number of blank lines behind the last. */
function readLines(reader: Reader, column: number): { lines: string[]; blanks: number } {
  const { text } = reader;
  const lines: string[] = [];
  let indentation = -1;
  let blanks = 0;
  let longestBlank = 0;
  while (reader.position < text.length) {
    const end = text.indexOf('\n', reader.position);
    if (end < 0) throw DECLINED;
    const width = spacesAt(text, reader.position);
    if (reader.position + width === end) {
      blanks += 1;
      longestBlank = Math.max(longestBlank, width);
    } else {
      if (indentation < 0) indentation = width;
      if (width < indentation || width <= column) break;
      for (; blanks > 0; blanks -= 1) lines.push('');
      lines.push(text.slice(reader.position + indentation, end));
    }
    reader.position = end + 1;
  }
  if (lines.length === 0 || longestBlank > indentation) throw DECLINED;
  return { lines, blanks };
}

function spacesAt(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) === 0x20) end += 1;
  return end - start;
}
