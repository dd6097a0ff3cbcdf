import { DECLINED, enterLine, type Reader } from './reader.ts';

/** V8 copies strings up to this length anyway. */
const COPIED = 12;

/**
 * A part of a text. Longer slices would keep all of the text in memory, which is a piece of a large file: joining two
 * parts makes a string that stands for itself.
 */
export function copyText(text: string, start: number, end: number): string {
  if (end - start <= COPIED) return text.slice(start, end);
  return [text.slice(start, start + COPIED), text.slice(start + COPIED, end)].join('');
}

const BACKSLASH = /\\(.?)/g;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
};

/** A quoted scalar that ends on its line; moves behind it. */
export function readQuoted(reader: Reader): string {
  const { text, position } = reader;
  const quote = text.charAt(position);
  const end = quote === '"' ? doubleQuotedEnd(text, position + 1) : singleQuotedEnd(text, position + 1);
  const content = copyText(text, position + 1, end);
  if (content.includes('\n')) throw DECLINED;
  reader.position = end + 1;
  if (quote === "'") return content.includes("'") ? content.replaceAll("''", "'") : content;
  return content.includes('\\') ? content.replace(BACKSLASH, meaningOf) : content;
}

function meaningOf(_: string, character: string): string {
  const meaning = Object.hasOwn(ESCAPES, character) ? ESCAPES[character] : undefined;
  if (meaning === undefined) throw DECLINED;
  return meaning;
}

function singleQuotedEnd(text: string, start: number): number {
  let end = text.indexOf("'", start);
  while (end >= 0 && text.charAt(end + 1) === "'") end = text.indexOf("'", end + 2);
  if (end < 0) throw DECLINED;
  return end;
}

function doubleQuotedEnd(text: string, start: number): number {
  let end = text.indexOf('"', start);
  while (end >= 0 && isEscaped(text, start, end)) end = text.indexOf('"', end + 1);
  if (end < 0) throw DECLINED;
  return end;
}

/** An odd number of backslashes stands before the quote. */
function isEscaped(text: string, start: number, quote: number): boolean {
  let first = quote;
  while (first > start && text.charAt(first - 1) === '\\') first -= 1;
  return (quote - first) % 2 === 1;
}

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
