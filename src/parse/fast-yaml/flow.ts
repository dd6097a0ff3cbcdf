import type { JsonValue } from '../../model/json.ts';
import { addEntry, flowKeyEnd, readKey } from './key.ts';
import { flowPlainEnd, readPlainValue } from './plain.ts';
import {
  atLineEnd,
  DECLINED,
  keepsValues,
  nextRow,
  notePlace,
  type Reader,
  skipSpaces,
  toNextLine,
} from './reader.ts';
import { readQuoted } from './strings.ts';

const MAX_DEPTH = 16;

/** A list in brackets or a map in braces without empty entries; moves behind it. */
export function readFlow(reader: Reader): JsonValue {
  return readCollection(reader, 0);
}

/** @param depth how many flow collections are around this one */
function readCollection(reader: Reader, depth: number): JsonValue {
  if (depth > MAX_DEPTH) throw DECLINED;
  const opening = reader.text.charAt(reader.position);
  reader.position += 1;
  skipFlowSpace(reader);
  return opening === '[' ? readFlowList(reader, depth) : readFlowMap(reader, depth);
}

function readFlowList(reader: Reader, depth: number): JsonValue {
  const list: JsonValue[] = [];
  for (let index = 0; !closes(reader, ']'); index += 1) {
    const firstRow = nextRow(reader);
    const start = reader.position;
    const value = readFlowValue(reader, depth);
    notePlace(reader, index, { firstRow, key: undefined, start });
    if (keepsValues(reader)) list.push(value);
    passComma(reader, ']');
  }
  return list;
}

function readFlowMap(reader: Reader, depth: number): JsonValue {
  const map: Record<string, JsonValue> = {};
  while (!closes(reader, '}')) {
    const end = flowKeyEnd(reader);
    if (end < 0) throw DECLINED;
    const key = { start: reader.position, end };
    const name = readKey(reader, end);
    skipSpaces(reader);
    const firstRow = nextRow(reader);
    const start = reader.position;
    addEntry(reader, map, { name, value: readFlowValue(reader, depth) });
    notePlace(reader, name, { firstRow, key, start });
    passComma(reader, '}');
  }
  return map;
}

function readFlowValue(reader: Reader, depth: number): JsonValue {
  const value = readFlowNode(reader, depth);
  reader.end = reader.position;
  return value;
}

function readFlowNode(reader: Reader, depth: number): JsonValue {
  switch (reader.text.charAt(reader.position)) {
    case '[':
    case '{':
      return readCollection(reader, depth + 1);
    case '"':
    case "'":
      return readQuoted(reader);
    default: {
      const end = flowPlainEnd(reader);
      const value = readPlainValue(reader, end);
      reader.position = end;
      return value;
    }
  }
}

function closes(reader: Reader, closing: string): boolean {
  if (reader.text.charAt(reader.position) !== closing) return false;
  reader.position += 1;
  return true;
}

/** From the end of an entry to the next, or to the closing character; a comma may stand before that too. */
function passComma(reader: Reader, closing: string): void {
  skipFlowSpace(reader);
  const next = reader.text.charAt(reader.position);
  if (next === closing) return;
  if (next !== ',') throw DECLINED;
  reader.position += 1;
  skipFlowSpace(reader);
}

/** To the next content, which may stand on a line below. */
function skipFlowSpace(reader: Reader): void {
  const before = reader.position;
  skipSpaces(reader);
  if (!atLineEnd(reader)) return;
  if (reader.position === before && reader.text.charAt(before) === '#') throw DECLINED;
  toNextLine(reader);
  if (reader.column <= reader.outer) throw DECLINED;
}
