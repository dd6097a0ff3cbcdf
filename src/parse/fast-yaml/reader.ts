import type { JsonValue } from '../../model/json.ts';
import type { Range } from '../place.ts';

/** Where the fast reader stands. Between values it is at the first character of the next line with content. */
export interface Reader {
  readonly text: string;
  position: number;
  /** Of the line's first content, or of the compact list or map in it; -1 at the end of the text. */
  column: number;
  depth: number;
  /** Further lines in quotes or brackets are deeper than this: -1 behind a key, where they may be indented as they like. */
  outer: number;
  /** Where the last value of a block collection starts; behind its key, if it is a block collection below, or missing. */
  start: number;
  /** Where the last scalar or flow collection ended, or the first line of a literal block. */
  end: number;
  /** By map or list; undefined: nobody asked for places. */
  readonly places: Places | undefined;
  readonly known: KnownScalars;
}

/** Some plain scalars that were read before, and what they mean; see `readKnown`. */
export type KnownScalars = Map<string, JsonValue>;

/** By map or list: where its entries and items stand. */
export type Places = Map<JsonValue, Map<string | number, EntryPlace>>;

export interface EntryPlace {
  readonly key: Range | undefined;
  readonly value: JsonValue;
  readonly start: number;
  /** The start again for block collections. */
  readonly end: number;
}

/** Remembers where an entry stands that has just been read, if anybody wants to know. */
export function notePlace(
  { places, end }: Reader,
  container: JsonValue,
  name: string | number,
  { key, value, start }: Omit<EntryPlace, 'end'>,
): void {
  if (places === undefined) return;
  const entries = places.get(container) ?? new Map<string | number, EntryPlace>();
  entries.set(name, { key, value, start, end: Math.max(start, end) });
  places.set(container, entries);
}

/** Thrown and caught within the fast reader: the text is outside of the language that it knows. */
export const DECLINED = Symbol('declined');

const LINE_BREAK = 0x0a;
export const SPACE = 0x20;
const HASH = 0x23;
const DASH = 0x2d;

export function skipSpaces(reader: Reader): void {
  while (reader.text.charCodeAt(reader.position) === SPACE) reader.position += 1;
}

/** At a line break, a comment or the end. Callers have seen to the space that a comment needs before it. */
export function atLineEnd({ text, position }: Reader): boolean {
  const code = text.charCodeAt(position);
  return code === LINE_BREAK || code === HASH || position >= text.length;
}

/** At a dash that introduces an item of a list. */
export function startsItem({ text, position }: Reader): boolean {
  return text.charCodeAt(position) === DASH && endsWord(text, position + 1);
}

/** A space, a line break or the end stands here. */
export function endsWord(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code === SPACE || code === LINE_BREAK || position >= text.length;
}

/** From anywhere in a line to the first content below it. */
export function toNextLine(reader: Reader): void {
  const end = reader.text.indexOf('\n', reader.position);
  reader.position = end < 0 ? reader.text.length : end + 1;
  enterLine(reader);
}

/** From the start of a line to its first content, or that of a line below: blank lines and comments are skipped. */
export function enterLine(reader: Reader): void {
  const { text } = reader;
  while (reader.position < text.length) {
    const start = reader.position;
    skipSpaces(reader);
    const code = text.charCodeAt(reader.position);
    if (code !== LINE_BREAK && code !== HASH && reader.position < text.length) {
      reader.column = reader.position - start;
      if (reader.column === 0) passMarker(reader);
      return;
    }
    const end = text.indexOf('\n', reader.position);
    reader.position = end < 0 ? text.length : end + 1;
  }
  reader.column = -1;
}

const NOTHING_MORE = /\.\.\.[ \n]*$/y;

/** Markers end a document wherever they stand, and a percent sign starts a directive: only the very end is passed. */
function passMarker(reader: Reader): void {
  const { text, position } = reader;
  if (text[position] === '%') throw DECLINED;
  if (!endsDocument(text, position)) return;
  NOTHING_MORE.lastIndex = position;
  if (!NOTHING_MORE.test(text)) throw DECLINED;
  reader.position = text.length;
  reader.column = -1;
}

/** A line that begins like this is one of markers, whatever it is in. */
export function endsDocument(text: string, lineStart: number): boolean {
  return text.startsWith('---', lineStart) || text.startsWith('...', lineStart);
}

/** How many spaces stand from an offset on. */
export function spacesAt(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) === SPACE) end += 1;
  return end - start;
}
