import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { jsonPlace } from '../json-places.ts';
import { isTooDeep, looksDeep } from '../nesting.ts';
import { type Place, shiftPlace } from '../place.ts';
import { parseJson } from '../read-json.ts';
import { type Ends, isAscii, type ListInPieces } from './list-in-pieces.ts';
import { UNCUT } from './uncut.ts';

/*
 * A List in JSON with an indentation, as `kubectl get -o json` and jq print it:
 *
 *   {
 *       "apiVersion": "v1",
 *       "items": [
 *           {
 *   …
 *           },
 *           {
 *   …
 *           }
 *       ],
 *       "kind": "List",
 *       "metadata": {}
 *   }
 *
 * Why the pieces mean what the whole means: the head is matched to its last character, so that a parser stands in the
 * list behind it, and the items are the only key of that name. Head and tail together are JSON, with an empty list;
 * and what is between them is pieces that are JSON when put in brackets, with one comma between each two.
 */

/** All up to the first item: only keys with plain values stand before the items, and no other `items`. */
const HEAD = /^\{\n(?: *"(?!items)\w+": "[\w./]*",\n)* *"items": \[\n(?<indent> *)\{\n/;

/** @returns undefined when the file is no such list */
export function findJsonList({ head, tail }: Ends, size: number): ListInPieces | undefined {
  const match = HEAD.exec(head);
  if (match === null) return undefined;
  const indent = match.groups?.indent ?? '';
  const start = match[0].length - indent.length - '{\n'.length;
  const lastBrace = tail.lastIndexOf(`\n${indent}}\n`);
  if (lastBrace < 0) return undefined;
  const behind = tail.slice(lastBrace + `\n${indent}}`.length);
  const frame = head.slice(0, start) + behind;
  if (!isAscii(frame) || behind.includes('"items"') || behind.includes('\\')) return undefined;
  const list = parseJson(frame);
  if (!isJsonObject(list)) return undefined;
  return {
    list,
    items: { start, end: size - behind.length },
    border: { text: `\n${indent}},\n`, before: `\n${indent}}`.length, behind: 0 },
    readItems,
    place: placeOf,
  };
}

function placeOf(piece: string, offset: number): Place {
  const list = `[${piece}]`;
  return shiftPlace(jsonPlace(list, { start: 0, end: list.length }), offset - 1);
}

/** Items are two levels below their document. */
const ITEM_DEPTH = 2;

/** As long as this pieces are only when something is odd, and a look at what they hold is worth its time. */
const LONG_PIECE = 1024 * 1024;

function readItems(piece: string): readonly JsonValue[] {
  if (piece.length > LONG_PIECE && looksDeep(piece)) throw UNCUT;
  const items = parseJson(`[${piece}]`);
  if (!Array.isArray(items)) throw UNCUT;
  for (const item of items) if (isTooDeep(item, ITEM_DEPTH)) throw UNCUT;
  return items;
}
