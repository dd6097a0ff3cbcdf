import type { FieldPath } from '../../model/field-path.ts';
import { MAX_DEPTH } from '../limits.ts';
import type { Range } from '../place.ts';

/** Where the value ends, or what keeps the text from being JSON. */
export type JsonScan = { readonly end: number } | JsonFault;

export interface JsonFault {
  readonly message: string;
  readonly hint: string;
  readonly range: Range;
  /** The innermost list or map that is open, if the text ends in it. */
  readonly related: { readonly message: string; readonly range: Range } | undefined;
  readonly kind: FaultKind;
}

/** `depth`: the text may be well-formed, but its nesting exceeds the limit. `comment`: JSON has none. */
export type FaultKind = 'syntax' | 'depth' | 'comment';

/** Told of keys that stand in their object already. */
export type OnDuplicateKey = (key: string, places: DuplicatePlaces) => void;

export interface DuplicatePlaces {
  readonly path: FieldPath;
  readonly first: Range;
  readonly second: Range;
}

interface Open {
  readonly closing: '}' | ']';
  /** Where it opens. */
  readonly start: number;
  /** undefined: nobody asked for duplicates, or it is a list. */
  readonly keys: Map<string, Range> | undefined;
  /** The key or index of the value that is being read. */
  step: string | number;
}

interface Scan {
  readonly text: string;
  readonly open: Open[];
  readonly onDuplicateKey: OnDuplicateKey | undefined;
  position: number;
  expects: 'value' | 'value or end' | 'key' | 'key or end' | 'separator';
}

/**
 * Walks over one JSON value (RFC 8259) without making it: for what JSON.parse doesn't tell.
 *
 * Not `jsonc-parser` (3.3.1), whose `visit` accepts the same texts: it takes twice the time to find duplicate keys (100 ms
 * against 50 ms for 3.9 MB), which every JSON document pays, and it recurses, so that deep nesting ends with a
 * RangeError instead of a place.
 */
export function scanJson(text: string, start: number, onDuplicateKey?: OnDuplicateKey): JsonScan {
  const scan: Scan = { text, open: [], onDuplicateKey, position: start, expects: 'value' };
  while (true) {
    scan.position = skipSpace(text, scan.position);
    const fault = step(scan, text.charAt(scan.position));
    if (fault !== undefined) return fault;
    if (scan.open.length === 0) return { end: scan.position };
  }
}

/** The offset of the next character that is no white space. */
export function skipSpace(text: string, start: number): number {
  let position = start;
  while (isSpace(text.charCodeAt(position))) position += 1;
  return position;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function step(scan: Scan, character: string): JsonFault | undefined {
  const innermost = scan.open.at(-1);
  const mayEnd = scan.expects === 'separator' || scan.expects.endsWith('or end');
  if (innermost !== undefined && mayEnd && character === innermost.closing) return close(scan);
  switch (scan.expects) {
    case 'separator':
      return separate(scan, character);
    case 'key':
    case 'key or end':
      return readKey(scan, character);
    default:
      return readValue(scan, character);
  }
}

function close(scan: Scan): undefined {
  scan.open.pop();
  scan.position += 1;
  scan.expects = 'separator';
}

function separate(scan: Scan, character: string): JsonFault | undefined {
  const innermost = scan.open.at(-1);
  if (innermost === undefined || character !== ',') return unexpected(scan, innermost?.closing);
  scan.position += 1;
  scan.expects = innermost.closing === '}' ? 'key' : 'value';
  if (typeof innermost.step === 'number') innermost.step += 1;
  return undefined;
}

function readKey(scan: Scan, character: string): JsonFault | undefined {
  const start = scan.position;
  if (character !== '"') return unexpected(scan);
  const end = stringEnd(scan.text, start);
  if (end < 0) return badString(scan);
  noteKey(scan, { start, end });
  scan.position = skipSpace(scan.text, end);
  if (scan.text.charAt(scan.position) !== ':') return unexpected(scan, ':');
  scan.position += 1;
  scan.expects = 'value';
  return undefined;
}

function noteKey({ text, open, onDuplicateKey }: Scan, range: Range): void {
  const innermost = open.at(-1);
  if (innermost?.keys === undefined) return;
  const key = String(JSON.parse(text.slice(range.start, range.end)));
  innermost.step = key;
  const first = innermost.keys.get(key);
  if (first === undefined) innermost.keys.set(key, range);
  else onDuplicateKey?.(key, { path: open.map((each) => each.step), first, second: range });
}

function readValue(scan: Scan, character: string): JsonFault | undefined {
  if (character === '{' || character === '[') return open(scan, character);
  const end = character === '"' ? stringEnd(scan.text, scan.position) : literalEnd(scan.text, scan.position);
  if (end < 0) return character === '"' ? badString(scan) : unexpected(scan);
  scan.position = end;
  scan.expects = 'separator';
  return undefined;
}

function open(scan: Scan, character: '{' | '['): JsonFault | undefined {
  if (scan.open.length === MAX_DEPTH) return { ...unexpected(scan), kind: 'depth' };
  const isMap = character === '{';
  const keys = isMap && scan.onDuplicateKey !== undefined ? new Map<string, Range>() : undefined;
  scan.open.push({ closing: isMap ? '}' : ']', start: scan.position, keys, step: isMap ? '' : 0 });
  scan.position += 1;
  scan.expects = isMap ? 'key or end' : 'value or end';
  return undefined;
}

const LITERAL = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;

function literalEnd(text: string, start: number): number {
  LITERAL.lastIndex = start;
  return LITERAL.test(text) ? LITERAL.lastIndex : -1;
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** -1: it doesn't end on its line, or holds what JSON doesn't allow in strings. */
function stringEnd(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    const code = text.charCodeAt(position);
    if (code === 0x22) return position + 1;
    if (code < 0x20) return -1;
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = position;
    if (!ESCAPE.test(text)) return -1;
    position = ESCAPE.lastIndex - 1;
  }
  return -1;
}

function badString(scan: Scan): JsonFault {
  const lineBreak = scan.text.indexOf('\n', scan.position);
  const end = lineBreak < 0 ? scan.text.length : lineBreak;
  const message = 'a string is not closed on its line, or holds an escape that JSON does not have';
  const hint = 'close it with a double quote, write line breaks as \\n, and double other backslashes';
  return { message, hint, range: { start: scan.position, end }, related: undefined, kind: 'syntax' };
}

const EXPECTED = {
  value: 'a value',
  'value or end': 'a value or "]"',
  key: 'a key in double quotes',
  'key or end': 'a key in double quotes or "}"',
  separator: 'nothing more',
} as const;

function unexpected(scan: Scan, closing?: string): JsonFault {
  const { text, position, expects, open } = scan;
  if (commentEnd(text, position) > position) return comment(scan);
  if (open.length === 0 && (text.charAt(position) === '}' || text.charAt(position) === ']'))
    return closesNothing(scan);
  const separators = closing === ':' ? '":"' : `"," or "${closing}"`;
  const expected = closing === undefined ? EXPECTED[expects] : separators;
  const found =
    position < text.length ? `not ${JSON.stringify(charAt(text, position))}` : 'but the text ends';
  const range = { start: Math.min(position, text.length), end: Math.min(position, text.length) + 1 };
  const innermost = position < text.length ? undefined : open.at(-1);
  return {
    message: `expected ${expected}, ${found}`,
    hint: innermost === undefined ? `put ${expected} here` : `close it with "${innermost.closing}"`,
    range,
    related: innermost === undefined ? undefined : opensHere(innermost),
    kind: 'syntax',
  };
}

/** Behind the comment that begins here, as JavaScript has them; `start` where none does. */
export function commentEnd(text: string, start: number): number {
  if (text.charAt(start) !== '/') return start;
  const ending = COMMENT_ENDINGS[text.charAt(start + 1)];
  if (ending === undefined) return start;
  const end = text.indexOf(ending, start + 2);
  if (end < 0) return text.length;
  return ending === '\n' ? end : end + ending.length;
}

const COMMENT_ENDINGS: Readonly<Record<string, string>> = { '/': '\n', '*': '*/' };

function comment({ text, position }: Scan): JsonFault {
  return {
    message: 'a comment stands here, and JSON has none',
    hint: 'remove it, or write the file as YAML, where comments begin with "#"',
    range: { start: position, end: commentEnd(text, position) },
    related: undefined,
    kind: 'comment',
  };
}

function closesNothing({ text, position }: Scan): JsonFault {
  return {
    message: `nothing is open that this ${JSON.stringify(text.charAt(position))} could close`,
    hint: 'remove it, or one of those in front of it',
    range: { start: position, end: position + 1 },
    related: undefined,
    kind: 'syntax',
  };
}

function opensHere({ start }: Open): JsonFault['related'] {
  return { message: 'what is not closed opens here', range: { start, end: start + 1 } };
}

function charAt(text: string, position: number): string {
  return String.fromCodePoint(text.codePointAt(position) ?? 0x20);
}
