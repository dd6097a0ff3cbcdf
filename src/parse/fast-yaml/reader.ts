import { invariant } from '../../diagnostic/invariant.ts';
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
  /** undefined: nobody asked for places, and keys must not stand twice. */
  readonly places: Places | undefined;
  readonly known: KnownScalars;
}

/** Some plain scalars that were read before, and what they mean; see `readKnown`. */
export type KnownScalars = Map<string, JsonValue>;

/**
 * Where entries of maps and items of lists stand. A few megabytes hold a million of them, so that each is a row of numbers. What
 * is in a value comes before its own row: the last thing in it stands in the row before.
 */
export interface Places {
  /**
   * Five numbers for each: the first row of what is in it, or its own where nothing is; the range of its key, or -1 twice; where
   * its value starts, and where it ends, which is the start again for block collections. In blocks, so that nothing is copied to
   * make room.
   */
  readonly blocks: Int32Array[];
  /** By block and row: the name of the entry, or the index of the item. */
  readonly names: (string | number)[][];
  rows: number;
  /** Nothing else is wanted: maps and lists stay empty, since those of a large document take as much memory as their places. */
  readonly isAll: boolean;
}

/** Whether somebody wants the values. */
export function keepsValues({ places }: Reader): boolean {
  return places?.isAll !== true;
}

/** How many rows there are: the first one of what is read next. 0 if nobody asked for places. */
export function nextRow({ places }: Reader): number {
  return places?.rows ?? 0;
}

/** What is known of an entry or item beside where its value ends. */
interface Noted {
  readonly firstRow: number;
  readonly key: Range | undefined;
  readonly start: number;
}

/** Remembers where an entry stands that has just been read, if anybody wants to know. */
export function notePlace(
  { places, end }: Reader,
  name: string | number,
  { firstRow, key, start }: Noted,
): void {
  if (places === undefined) return;
  const row = places.rows % ROWS_PER_BLOCK;
  if (row === 0) {
    places.blocks.push(new Int32Array(ROWS_PER_BLOCK * ROW_LENGTH));
    places.names.push([]);
  }
  places.blocks
    .at(-1)
    ?.set([firstRow, key?.start ?? -1, key?.end ?? -1, start, Math.max(start, end)], row * ROW_LENGTH);
  places.names.at(-1)?.push(name);
  places.rows += 1;
}

const ROWS_PER_BLOCK = 4096;
const ROW_LENGTH = 5;

/** The five numbers of a row. */
export function rowAt({ blocks }: Places, row: number): Int32Array {
  const start = (row % ROWS_PER_BLOCK) * ROW_LENGTH;
  const block = blocks[Math.floor(row / ROWS_PER_BLOCK)];
  invariant(block !== undefined, 'only rows that were noted are asked for');
  return block.subarray(start, start + ROW_LENGTH);
}

/** The name or index of a row. */
export function nameAt({ names }: Places, row: number): string | number {
  return names[Math.floor(row / ROWS_PER_BLOCK)]?.[row % ROWS_PER_BLOCK] ?? '';
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
