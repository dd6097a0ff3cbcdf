import { DECLINED, endsDocument, type Reader, SPACE, spacesAt } from './reader.ts';

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

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.?))/g;
const ESCAPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '"': '"',
    '\\': '\\',
    '/': '/',
    ' ': ' ',
    n: '\n',
    t: '\t',
    r: '\r',
    a: '\x07',
    b: '\b',
    e: '\x1b',
    f: '\f',
    v: '\v',
    0: '\0',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }),
);

/** A quoted scalar; moves behind it. */
export function readQuoted(reader: Reader): string {
  const { text, position } = reader;
  const quote = text.charAt(position);
  const end = quote === '"' ? doubleQuotedEnd(text, position + 1) : singleQuotedEnd(text, position + 1);
  const raw = declineTabs(copyText(text, position + 1, end));
  reader.position = end + 1;
  const content = raw.includes('\n') ? foldQuoted(raw, { outer: reader.outer, quote }) : raw;
  if (quote === "'") return content.includes("'") ? content.replaceAll("''", "'") : content;
  return content.includes('\\') ? content.replace(ESCAPE, meaningOf) : content;
}

function meaningOf(_: string, two?: string, four?: string, eight?: string, character = ''): string {
  const digits = two ?? four ?? eight;
  const meaning = digits === undefined ? ESCAPES.get(character) : characterOf(Number.parseInt(digits, 16));
  if (meaning === undefined) throw DECLINED;
  return meaning;
}

/** undefined: Unicode has no such character. */
function characterOf(code: number): string | undefined {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > 0x10ffff ? undefined : String.fromCodePoint(code);
}

/** The text, if no tab is in it: what those mean beside line breaks and comments is for the general parser. */
export function declineTabs(text: string): string {
  if (text.includes('\t')) throw DECLINED;
  return text;
}

/** YAML 1.2 §6.5, §7.3: a line break is a space, each blank line is a break, and an escaped break is nothing. */
function foldQuoted(raw: string, { outer, quote }: { outer: number; quote: string }): string {
  const escapes = quote === '"';
  const lines = raw.split('\n');
  const last = lines.length - 1;
  const parts: string[] = [];
  let breaks = 0;
  let isJoined = false;
  let isClosedAbove = false;
  for (const [index, line] of lines.entries()) {
    const start = index === 0 ? 0 : spacesAt(line, 0);
    if (index > 0 && start === line.length && index < last) {
      breaks += 1;
      continue;
    }
    if (index > 0) {
      if (start <= outer || endsDocument(line, 0) || isClosedAbove) throw DECLINED;
      if (breaks > 0 && isJoined) throw DECLINED;
      parts.push(breaks > 0 ? '\n'.repeat(breaks) : isJoined ? '' : ' ');
      breaks = 0;
    }
    const content = line.slice(start);
    // The general parser takes that for the end where the next line is not deep enough.
    isClosedAbove = outer < 0 && content.trimEnd().endsWith(quote);
    isJoined = escapes && index < last && isEscaped(content, 0, content.length);
    parts.push(index === last ? content : isJoined ? content.slice(0, -1) : trimLine(content, escapes));
  }
  return parts.join('');
}

/** A line without the spaces at its end, the last of which must not be escaped. */
function trimLine(line: string, escapes: boolean): string {
  const trimmed = line.slice(0, contentEnd(line));
  if (escapes && isEscaped(trimmed, 0, trimmed.length)) throw DECLINED;
  return trimmed;
}

function contentEnd(line: string): number {
  let end = line.length;
  while (line.charCodeAt(end - 1) === SPACE) end -= 1;
  return end;
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

/** An odd number of backslashes stands before the end. */
function isEscaped(text: string, start: number, end: number): boolean {
  let first = end;
  while (first > start && text.charAt(first - 1) === '\\') first -= 1;
  return (end - first) % 2 === 1;
}
