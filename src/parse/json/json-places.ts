import { NO_CHILDREN, once, type Place, type Range } from '../place.ts';
import { skipSpace } from './scan-json.ts';

/**
 * Places in text that JSON.parse has accepted. Each level is scanned when its children are asked for, and once: what
 * a diagnostic is about is found in a list of a hundred megabytes without remembering a place for everything in it.
 *
 * Not `jsonc-parser` (3.3.1), which gives the same offsets: its `parseTree` makes a node for every value. For one field of
 * 95 MB it takes 4.4 s and 1,070 MB of memory, this 0.6 s and 230 MB; of 3.9 MB, 0.27 s against 0.05 s. Its `visit`, which makes none,
 * takes 0.34 s against 0.25 s for one field of 39 MB, once for each field, and tells of no places: they would be ours to make.
 */
export function jsonPlace(text: string, { start, end }: Range, key?: Range): Place {
  return { start, end, key, isBlock: false, children: once(() => scanChildren(text, start)) };
}

function scanChildren(text: string, start: number): ReadonlyMap<string | number, Place> {
  const opening = text.charAt(start);
  if (opening !== '{' && opening !== '[') return NO_CHILDREN;
  const children = new Map<string | number, Place>();
  let position = skipSpace(text, start + 1);
  while (position < text.length && text.charAt(position) !== '}' && text.charAt(position) !== ']') {
    const key = opening === '{' ? { start: position, end: skipValue(text, position) } : undefined;
    const valueStart = key === undefined ? position : skipSpace(text, skipSpace(text, key.end) + 1);
    const valueEnd = skipValue(text, valueStart);
    const name = key === undefined ? children.size : keyName(text, key);
    children.set(name, jsonPlace(text, { start: valueStart, end: valueEnd }, key));
    position = skipSpace(text, valueEnd);
    if (text.charAt(position) === ',') position = skipSpace(text, position + 1);
  }
  return children;
}

function keyName(text: string, { start, end }: Range): string {
  const name: unknown = JSON.parse(text.slice(start, end));
  return String(name);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DELIMITER = /[\s,\]}]/g;

/** The offset behind the value that starts here. */
function skipValue(text: string, start: number): number {
  const opening = text.charAt(start);
  if (opening === '"') return skipString(text, start);
  if (opening === '{' || opening === '[') return skipContainer(text, start);
  DELIMITER.lastIndex = start;
  return DELIMITER.exec(text)?.index ?? text.length;
}

function skipString(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && text.charCodeAt(position) !== QUOTE) {
    position += text.charCodeAt(position) === BACKSLASH ? 2 : 1;
  }
  return position + 1;
}

/** Counts brackets and braces of both kinds alike: the text is known to be well-formed. */
function skipContainer(text: string, start: number): number {
  let depth = 0;
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = skipString(text, position);
      continue;
    }
    if (code === 0x7b || code === 0x5b) depth += 1;
    if (code === 0x7d || code === 0x5d) depth -= 1;
    position += 1;
    if (depth === 0) break;
  }
  return position;
}
