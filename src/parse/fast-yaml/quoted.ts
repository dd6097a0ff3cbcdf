import { copyText } from './copy-text.ts';
import { DECLINED, type Reader } from './reader.ts';

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
