import type { JsonValue } from '../../model/json.ts';
import { readFlow } from './flow.ts';
import { addEntry, keyEnd, readKey } from './key.ts';
import { blockPlainEnd, readPlainValue } from './plain.ts';
import {
  atLineEnd,
  DECLINED,
  enterLine,
  type KnownScalars,
  notePlace,
  type Places,
  type Reader,
  skipSpaces,
  startsItem,
  toNextLine,
} from './reader.ts';
import { readLiteral, readQuoted } from './strings.ts';

/*
 * Reads the plain block style of YAML that kubectl, kustomize, helm and most people write, many times faster than a
 * general parser, and declines everything else.
 *
 * Why it is right where it does not decline: the language that it accepts is small, and every construct in it has
 * one meaning.
 * - Characters: no tabs, carriage returns or other controls, no exotic line breaks. So lines end with "\n", and
 *   indentation is spaces.
 * - Structure: an entry of a map is `key:` at the map's column, an item of a list is `- ` at the list's column. What
 *   stands behind them on the same line is one scalar or one flow collection that ends there, or a compact list or
 *   map with a column of its own. The next line with content is never deeper than what may follow, so that it can't
 *   continue a scalar. What stands on the lines below is deeper than its key, or a list at the same column.
 * - Keys: letters, digits and `_./-`, or quoted; strings for certain; each once in its map.
 * - Scalars: quoted, on one line, with common escapes; literal blocks without indentation indicator; plain ones on
 *   one line, which mean what they mean to the general parser.
 * - Never: anchors, aliases, tags, directives, merge keys, complex keys, folded blocks, document markers.
 * A differential test reads many documents with this and with the general parser, and compares.
 */

/** Deeper documents are somebody else's problem: this reader recurses. */
const MAX_DEPTH = 64;

/** Controls (tabs and carriage returns among them), line breaks of YAML 1.1, byte order marks, non-characters. */
const UNUSUAL_CHARACTER = /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ufefe\uff00-\ufffd]/;

/**
 * The value of one document without markers, as the general parser gives it.
 * @param known shared by the documents of a file
 * @param places filled, when given, with where everything stands
 * @returns undefined when the text is outside of the language that this reader knows, and for empty documents
 */
export function readFastYaml(
  text: string,
  known: KnownScalars = new Map(),
  places?: Places,
): JsonValue | undefined {
  if (UNUSUAL_CHARACTER.test(text)) return undefined;
  const reader: Reader = { text, position: 0, column: 0, depth: 0, end: 0, places, known };
  try {
    enterLine(reader);
    if (reader.column < 0) return undefined;
    const value = readBlock(reader);
    return reader.column < 0 ? value : undefined;
  } catch (error) {
    if (error === DECLINED) return undefined;
    throw error;
  }
}

/** A list or a map that starts here. Scalars on lines of their own are declined. */
function readBlock(reader: Reader): JsonValue {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH) throw DECLINED;
  const value = startsItem(reader) ? readList(reader) : readMap(reader, keyEnd(reader));
  reader.depth -= 1;
  return value;
}

function readMap(reader: Reader, firstKeyEnd: number): JsonValue {
  const { column } = reader;
  const map: Record<string, JsonValue> = {};
  let end = firstKeyEnd;
  while (true) {
    if (end < 0) throw DECLINED;
    const key = { start: reader.position, end };
    const name = readKey(reader, end);
    skipSpaces(reader);
    const start = reader.position;
    const value = readEntryValue(reader, column);
    addEntry(map, name, value);
    notePlace(reader, map, name, { key, value, start });
    if (reader.column !== column) break;
    end = keyEnd(reader);
  }
  if (reader.column > column) throw DECLINED;
  return map;
}

function readEntryValue(reader: Reader, column: number): JsonValue {
  if (!atLineEnd(reader)) return readInlineValue(reader, column);
  toNextLine(reader);
  if (reader.column > column) return readBlock(reader);
  return reader.column === column && startsItem(reader) ? readBlock(reader) : null;
}

function readList(reader: Reader): JsonValue {
  const { column } = reader;
  const list: JsonValue[] = [];
  while (reader.column === column && startsItem(reader)) readItem(reader, list, column);
  if (reader.column > column) throw DECLINED;
  // A list that has grown has room for more than a dozen others: copies have what they need. Places go by identity.
  return reader.places === undefined ? list.slice() : list;
}

function readItem(reader: Reader, list: JsonValue[], column: number): void {
  const dash = reader.position;
  reader.position += 1;
  skipSpaces(reader);
  const behindDash = reader.position;
  const isBelow = atLineEnd(reader);
  if (isBelow) toNextLine(reader);
  const isMissing = isBelow && reader.column <= column;
  const start = isMissing ? behindDash : reader.position;
  if (!isBelow) reader.column = column + start - dash;
  const value = isMissing ? null : readItemValue(reader, column, isBelow);
  notePlace(reader, list, list.length, { key: undefined, value, start });
  list.push(value);
}

/** Below the dash only lists and maps may stand; behind it scalars too, and compact lists and maps. */
function readItemValue(reader: Reader, column: number, isBelow: boolean): JsonValue {
  if (isBelow || startsItem(reader) || keyEnd(reader) >= 0) return readBlock(reader);
  return readInlineValue(reader, column);
}

/** A value that starts on this line, below a list or map at `column`. */
function readInlineValue(reader: Reader, column: number): JsonValue {
  const value = readInline(reader, column);
  if (reader.column > column) throw DECLINED;
  return value;
}

function readInline(reader: Reader, column: number): JsonValue {
  switch (reader.text.charCodeAt(reader.position)) {
    case 0x7c: // |
      return readLiteral(reader, column);
    case 0x22: // "
    case 0x27: // '
      return endLine(reader, readQuoted(reader));
    case 0x5b: // [
    case 0x7b: // {
      return endLine(reader, readFlow(reader));
    default: {
      const end = blockPlainEnd(reader);
      const value = readPlainValue(reader, end);
      reader.position = end;
      return endLine(reader, value);
    }
  }
}

/** Only spaces and a comment may follow on the line. */
function endLine(reader: Reader, value: JsonValue): JsonValue {
  const end = reader.position;
  reader.end = end;
  skipSpaces(reader);
  if (!atLineEnd(reader)) throw DECLINED;
  if (reader.position === end && reader.text.charCodeAt(end) === 0x23) throw DECLINED;
  toNextLine(reader);
  return value;
}
