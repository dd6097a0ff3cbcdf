import { isJsonObject, type JsonValue } from '../../model/json.ts';
import { jsonPlace } from '../json-places.ts';
import { isTooDeep, looksDeep } from '../nesting.ts';
import { type Place, shiftPlace } from '../place.ts';
import { parseJson } from '../read-json.ts';
import type { Border } from './cut.ts';
import { type Ends, isAscii, type ListInPieces } from './list-in-pieces.ts';
import { UNCUT } from './uncut.ts';

/*
 * A List in JSON, as `kubectl get -o json` and jq print it (on the left), or without white space as the API server and
 * `jq -c` do:
 *
 *   {                                       {"kind":"ServiceList","metadata":{…},"items":[{"metadata":…
 *       "apiVersion": "v1",                 …},{"metadata":…
 *       "items": [                          …}]}
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
 * and what is between them is pieces that are JSON when put in brackets, with one comma between each two. Borders that
 * are none (within a string, or a list of an item's own) make pieces that are not.
 */

const TEXT = String.raw`"[\w./-]*"`;
const FLAT_MAP = String.raw`\{\s*(?:"\w+":\s*${TEXT},?\s*)*\}`;

/** All up to the first key of the first item. Only texts and maps of texts stand before the items, and no other `items`. */
const HEAD = new RegExp(
  String.raw`^(?<list>\{\s*(?:"(?!items")\w+":\s*(?:${TEXT}|${FLAT_MAP}),\s*)*"items":\s*\[)(?:\n(?<indent> *)\{\n|\{"(?<key>\w+)":)`,
);

/** @returns undefined when the file is no such list */
export function findJsonList({ head, tail }: Ends, size: number): ListInPieces | undefined {
  const { list: front = '', indent, key = '' } = HEAD.exec(head)?.groups ?? {};
  if (front === '') return undefined;
  const { border, end } = indent === undefined ? compactItems(key) : indentedItems(indent);
  const last = tail.lastIndexOf(end.text);
  if (last < 0) return undefined;
  const behind = tail.slice(last + end.before);
  const frame = front + behind;
  if (!isAscii(frame) || behind.includes('"items"') || behind.includes('\\')) return undefined;
  const list = parseJson(frame);
  if (!isJsonObject(list)) return undefined;
  return {
    list,
    items: { start: front.length, end: size - behind.length },
    border,
    readItems,
    place: placeOf,
  };
}

/** What stands between two items, and behind the last. */
interface Layout {
  readonly border: Border;
  readonly end: Pick<Border, 'text' | 'before'>;
}

function indentedItems(indent: string): Layout {
  const brace = `\n${indent}}`;
  return {
    border: { text: `${brace},\n`, before: brace.length, behind: 0 },
    end: { text: `${brace}\n`, before: brace.length },
  };
}

/** `key`: the first of the first item. The others start with it too, if they were printed by a program. */
function compactItems(key: string): Layout {
  const start = `{"${key}":`;
  return {
    border: { text: `},${start}`, before: 1, behind: start.length },
    end: { text: '}]', before: 1 },
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
