import type { JsonValue } from '../../model/json.ts';
import { addEntry, keyEnd, readKey } from './key.ts';
import { flowPlainEnd, readPlainValue } from './plain.ts';
import { DECLINED, notePlace, type Reader, skipSpaces } from './reader.ts';
import { readQuoted } from './strings.ts';

const MAX_DEPTH = 16;

/** A list in brackets or a map in braces, all on one line, without empty entries; moves behind it. */
export function readFlow(reader: Reader, depth = 0): JsonValue {
  if (depth > MAX_DEPTH) throw DECLINED;
  const opening = reader.text.charAt(reader.position);
  reader.position += 1;
  skipSpaces(reader);
  return opening === '[' ? readFlowList(reader, depth) : readFlowMap(reader, depth);
}

function readFlowList(reader: Reader, depth: number): JsonValue {
  const list: JsonValue[] = [];
  if (closes(reader, ']')) return list;
  do {
    const start = reader.position;
    const value = readFlowValue(reader, depth);
    notePlace(reader, list, list.length, { key: undefined, value, start });
    list.push(value);
  } while (continues(reader, ']'));
  return list;
}

function readFlowMap(reader: Reader, depth: number): JsonValue {
  const map: Record<string, JsonValue> = {};
  if (closes(reader, '}')) return map;
  do {
    const end = keyEnd(reader);
    if (end < 0) throw DECLINED;
    const key = { start: reader.position, end };
    const name = readKey(reader, end);
    skipSpaces(reader);
    const start = reader.position;
    const value = readFlowValue(reader, depth);
    addEntry(map, name, value);
    notePlace(reader, map, name, { key, value, start });
  } while (continues(reader, '}'));
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
      return readFlow(reader, depth + 1);
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

/** After an entry: true behind a comma, false behind the closing character. */
function continues(reader: Reader, closing: string): boolean {
  skipSpaces(reader);
  if (closes(reader, closing)) return false;
  if (!closes(reader, ',')) throw DECLINED;
  skipSpaces(reader);
  return true;
}
