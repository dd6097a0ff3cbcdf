import type { JsonValue } from '../../model/json.ts';
import { addEntry, keyEnd, readKey } from './key.ts';
import { flowPlainEnd, readPlainValue } from './plain.ts';
import { atLineEnd, DECLINED, notePlace, type Reader, skipSpaces, toNextLine } from './reader.ts';
import { readQuoted } from './strings.ts';

const MAX_DEPTH = 16;

/** What a flow collection is read with. */
interface Flow {
  /** Of the block collection around it: further lines are deeper. */
  readonly column: number;
  /** How many flow collections are around this one. */
  readonly depth: number;
}

/** A list in brackets or a map in braces without empty entries, below a list or map at `column`; moves behind it. */
export function readFlow(reader: Reader, column: number): JsonValue {
  return readCollection(reader, { column, depth: 0 });
}

function readCollection(reader: Reader, flow: Flow): JsonValue {
  if (flow.depth > MAX_DEPTH) throw DECLINED;
  const opening = reader.text.charAt(reader.position);
  reader.position += 1;
  skipFlowSpace(reader, flow);
  return opening === '[' ? readFlowList(reader, flow) : readFlowMap(reader, flow);
}

function readFlowList(reader: Reader, flow: Flow): JsonValue {
  const list: JsonValue[] = [];
  while (!closes(reader, ']')) {
    const start = reader.position;
    const value = readFlowValue(reader, flow);
    notePlace(reader, list, list.length, { key: undefined, value, start });
    list.push(value);
    passComma(reader, ']', flow);
  }
  return list;
}

function readFlowMap(reader: Reader, flow: Flow): JsonValue {
  const map: Record<string, JsonValue> = {};
  while (!closes(reader, '}')) {
    const end = keyEnd(reader);
    if (end < 0) throw DECLINED;
    const key = { start: reader.position, end };
    const name = readKey(reader, end);
    skipSpaces(reader);
    const start = reader.position;
    const value = readFlowValue(reader, flow);
    addEntry(map, name, value);
    notePlace(reader, map, name, { key, value, start });
    passComma(reader, '}', flow);
  }
  return map;
}

function readFlowValue(reader: Reader, flow: Flow): JsonValue {
  const value = readFlowNode(reader, flow);
  reader.end = reader.position;
  return value;
}

function readFlowNode(reader: Reader, { column, depth }: Flow): JsonValue {
  switch (reader.text.charAt(reader.position)) {
    case '[':
    case '{':
      return readCollection(reader, { column, depth: depth + 1 });
    case '"':
    case "'":
      return readQuoted(reader, column);
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
function passComma(reader: Reader, closing: string, flow: Flow): void {
  skipFlowSpace(reader, flow);
  const next = reader.text.charAt(reader.position);
  if (next === closing) return;
  if (next !== ',') throw DECLINED;
  reader.position += 1;
  skipFlowSpace(reader, flow);
}

/** To the next content, which may stand on a line below. */
function skipFlowSpace(reader: Reader, { column }: Flow): void {
  const before = reader.position;
  skipSpaces(reader);
  if (!atLineEnd(reader)) return;
  if (reader.position === before && reader.text.charAt(before) === '#') throw DECLINED;
  toNextLine(reader);
  if (reader.column <= column) throw DECLINED;
}
