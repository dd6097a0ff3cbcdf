import { type Children, NO_CHILDREN, once, type Place, type Range } from '../place.ts';
import { skipSpace } from './scan-json.ts';

/**
 * Places in text that JSON.parse has accepted. Each level is scanned when its children are asked for, and once: what
 * a diagnostic is about is found in a list of a hundred megabytes without a place for everything in it.
 *
 * Not `jsonc-parser` (3.3.1), which gives the same offsets: its `parseTree` makes a node for every value. For one field of
 * 95 MB it takes 4.4 s and 1,070 MB of memory, this 0.6 s and 230 MB; of 3.9 MB, 0.27 s against 0.05 s. Its `visit`, which makes none,
 * takes 0.34 s against 0.25 s for one field of 39 MB, once for each field, and tells of no places: they would be ours to make.
 */
export function jsonPlace(text: string, { start, end }: Range, key?: Range): Place {
  return { start, end, key, isBlock: false, children: once(() => scanChildren(text, start)) };
}

/** Of a list, the items in their order; of a map, by name: where each item or entry starts in the text. */
type Starts = readonly number[] | ReadonlyMap<string, number>;

/** Millions of items take a number each: a place is made of those that somebody asks for, and kept, as it may be asked again. */
function scanChildren(text: string, start: number): Children {
  const opening = text.charAt(start);
  if (opening !== '{' && opening !== '[') return NO_CHILDREN;
  const starts = opening === '[' ? itemStarts(text, start) : entryStarts(text, start);
  const made = new Map<string | number, Place>();
  return {
    get: (step) => {
      const at = startOf(starts, step);
      if (at === undefined) return undefined;
      const place = made.get(step) ?? (opening === '[' ? itemPlace(text, at) : entryPlace(text, at));
      made.set(step, place);
      return place;
    },
  };
}

function startOf(starts: Starts, step: string | number): number | undefined {
  if ('get' in starts) return typeof step === 'string' ? starts.get(step) : undefined;
  return typeof step === 'number' ? starts[step] : undefined;
}

function itemPlace(text: string, start: number): Place {
  return jsonPlace(text, { start, end: skipValue(text, start) });
}

function entryPlace(text: string, start: number): Place {
  const key = { start, end: skipString(text, start) };
  const value = behindColon(text, key.end);
  return jsonPlace(text, { start: value, end: skipValue(text, value) }, key);
}

function itemStarts(text: string, start: number): readonly number[] {
  const starts: number[] = [];
  for (let at = skipSpace(text, start + 1); !closes(text, at); at = toNext(text, skipValue(text, at)))
    starts.push(at);
  return starts;
}

function entryStarts(text: string, start: number): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (let at = skipSpace(text, start + 1); !closes(text, at); ) {
    const end = skipString(text, at);
    starts.set(keyName(text, { start: at, end }), at);
    at = toNext(text, skipValue(text, behindColon(text, end)));
  }
  return starts;
}

function closes(text: string, position: number): boolean {
  const next = text.charAt(position);
  return next === '}' || next === ']' || next === '';
}

function behindColon(text: string, keyEnd: number): number {
  return skipSpace(text, skipSpace(text, keyEnd) + 1);
}

/** From behind a value to the next one, or to what closes the list or map. */
function toNext(text: string, position: number): number {
  const end = skipSpace(text, position);
  return text.charAt(end) === ',' ? skipSpace(text, end + 1) : end;
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
